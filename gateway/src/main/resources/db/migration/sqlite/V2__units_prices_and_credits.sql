-- What is counted by other units than tokens, and what a request took. History is only added to: rows from before hold
-- the defaults, which is what was true of them.
ALTER TABLE usage_event ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE usage_event ADD COLUMN images INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN characters INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN audio_ms INTEGER NOT NULL DEFAULT 0;

-- The attempts of a request that took several, but for the one that its event tells of. Nobody is charged by them.
CREATE TABLE usage_attempt (
  event_id BLOB NOT NULL CHECK (length(event_id) = 16),
  ordinal INTEGER NOT NULL CHECK (ordinal > 0),
  destination_id INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  probable_pico_dollars INTEGER NOT NULL CHECK (probable_pico_dollars >= 0),
  PRIMARY KEY (event_id, ordinal)
) WITHOUT ROWID, STRICT;

-- The price lists that charges name, each once, as they were: what `oneflow audit` recomputes charges by. The version
-- is the beginning of the SHA-256 of the content.
CREATE TABLE price_list (
  version TEXT PRIMARY KEY NOT NULL,
  content TEXT NOT NULL,
  first_used_ms INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Prepaid credits: what was paid in. What a key has left is the sum of these less what its events cost.
CREATE TABLE credit_top_up (
  id INTEGER PRIMARY KEY,
  key_namespace TEXT NOT NULL,
  key_name TEXT NOT NULL,
  reference TEXT NOT NULL CHECK (length(reference) > 0),
  pico_dollars INTEGER NOT NULL CHECK (pico_dollars > 0),
  at_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  comment TEXT NOT NULL,
  UNIQUE (key_namespace, key_name, reference)
) STRICT;

CREATE TRIGGER credit_top_up_is_not_changed BEFORE UPDATE ON credit_top_up
BEGIN
  SELECT RAISE(ABORT, 'top-ups are only added');
END;

CREATE TRIGGER credit_top_up_is_not_deleted BEFORE DELETE ON credit_top_up
BEGIN
  SELECT RAISE(ABORT, 'top-ups are only added');
END;

DROP VIEW usage;

CREATE VIEW usage AS
SELECT
  lower(hex(event.id)) AS id,
  event.started_at_ms,
  event.duration_ns,
  gateway.name AS gateway,
  caller.key_namespace,
  caller.key_name,
  caller.user_name,
  caller.project,
  destination.surface,
  destination.public_model,
  destination.provider_namespace,
  destination.provider_name,
  destination.upstream_model,
  ending.outcome,
  ending.http_status,
  ending.streamed,
  ending.usage_source,
  ending.charge_state,
  ending.price_version,
  event.input_tokens,
  event.cached_input_tokens,
  event.cache_write_5m_tokens,
  event.cache_write_1h_tokens,
  event.audio_input_tokens,
  event.output_tokens,
  event.reasoning_tokens,
  event.audio_output_tokens,
  event.pico_dollars,
  event.batch,
  event.attempts,
  event.images,
  event.characters,
  event.audio_ms
FROM usage_event AS event
JOIN usage_gateway AS gateway ON gateway.id = event.gateway_id
JOIN usage_caller AS caller ON caller.id = event.caller_id
JOIN usage_destination AS destination ON destination.id = event.destination_id
JOIN usage_ending AS ending ON ending.id = event.ending_id;
