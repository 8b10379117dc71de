-- One row a request in usage_event; what many rows have in common lies in the four tables that it refers to.
-- There are no foreign keys: the gateways alone write here, they never delete, and a check on each row would cost more
-- than the row. Read the view usage.

-- The instance of the gateway that recorded an event.
CREATE TABLE usage_gateway (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  UNIQUE (name)
) STRICT;

-- For whom an event counts.
CREATE TABLE usage_caller (
  id INTEGER PRIMARY KEY,
  key_namespace TEXT NOT NULL,
  key_name TEXT NOT NULL,
  user_name TEXT NOT NULL,
  project TEXT NOT NULL,
  UNIQUE (key_namespace, key_name, user_name, project)
) STRICT;

-- Where a request went.
CREATE TABLE usage_destination (
  id INTEGER PRIMARY KEY,
  surface TEXT NOT NULL,
  public_model TEXT NOT NULL,
  provider_namespace TEXT NOT NULL,
  provider_name TEXT NOT NULL,
  upstream_model TEXT NOT NULL,
  UNIQUE (surface, public_model, provider_namespace, provider_name, upstream_model)
) STRICT;

-- How a request ended and how far its charge can be trusted.
CREATE TABLE usage_ending (
  id INTEGER PRIMARY KEY,
  outcome TEXT NOT NULL,
  http_status INTEGER NOT NULL,
  streamed INTEGER NOT NULL,
  usage_source TEXT NOT NULL,
  charge_state TEXT NOT NULL,
  price_version TEXT NOT NULL,
  UNIQUE (outcome, http_status, streamed, usage_source, charge_state, price_version)
) STRICT;

-- The id is a UUID of version 7, 16 bytes in network order: it ascends with the time of the request.
CREATE TABLE usage_event (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  started_at_ms INTEGER NOT NULL,
  duration_ns INTEGER NOT NULL,
  gateway_id INTEGER NOT NULL,
  caller_id INTEGER NOT NULL,
  destination_id INTEGER NOT NULL,
  ending_id INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  cached_input_tokens INTEGER NOT NULL,
  cache_write_5m_tokens INTEGER NOT NULL,
  cache_write_1h_tokens INTEGER NOT NULL,
  audio_input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  audio_output_tokens INTEGER NOT NULL,
  pico_dollars INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

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
  event.pico_dollars
FROM usage_event AS event
JOIN usage_gateway AS gateway ON gateway.id = event.gateway_id
JOIN usage_caller AS caller ON caller.id = event.caller_id
JOIN usage_destination AS destination ON destination.id = event.destination_id
JOIN usage_ending AS ending ON ending.id = event.ending_id;
