-- What is counted by other units than tokens, and what a request took. History is only added to: rows from before hold
-- the defaults, which is what was true of them.
ALTER TABLE usage_event
  ADD COLUMN batch integer NOT NULL DEFAULT 0,
  ADD COLUMN attempts integer NOT NULL DEFAULT 1,
  ADD COLUMN images bigint NOT NULL DEFAULT 0,
  ADD COLUMN characters bigint NOT NULL DEFAULT 0,
  ADD COLUMN audio_ms bigint NOT NULL DEFAULT 0;

-- The attempts of a request that took several, but for the one that its event tells of. Nobody is charged by them.
CREATE TABLE usage_attempt (
  event_id uuid NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal > 0),
  destination_id bigint NOT NULL,
  outcome text NOT NULL,
  probable_pico_dollars bigint NOT NULL CHECK (probable_pico_dollars >= 0),
  PRIMARY KEY (event_id, ordinal)
);

-- The price lists that charges name, each once, as they were: what `oneflow audit` recomputes charges by. The version
-- is the beginning of the SHA-256 of the content.
CREATE TABLE price_list (
  version text PRIMARY KEY,
  content text NOT NULL,
  first_used_ms bigint NOT NULL
);

-- Prepaid credits: what was paid in. What a key has left is the sum of these less what its events cost.
CREATE TABLE credit_top_up (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_namespace text NOT NULL,
  key_name text NOT NULL,
  reference text NOT NULL CHECK (length(reference) > 0),
  pico_dollars bigint NOT NULL CHECK (pico_dollars > 0),
  at_ms bigint NOT NULL,
  made_by text NOT NULL,
  comment text NOT NULL,
  UNIQUE (key_namespace, key_name, reference)
);

CREATE FUNCTION credit_top_up_is_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'top-ups are only added';
END
$$;

CREATE TRIGGER credit_top_up_is_only_added BEFORE UPDATE OR DELETE ON credit_top_up
  FOR EACH ROW EXECUTE FUNCTION credit_top_up_is_only_added();

CREATE OR REPLACE VIEW usage AS
SELECT
  event.id,
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
