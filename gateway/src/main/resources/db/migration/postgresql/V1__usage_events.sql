-- One row a request in usage_event; what many rows have in common lies in the four tables that it refers to.
-- There are no foreign keys: the gateways alone write here, they never delete, and a check on each row would cost more
-- than the row. Read the view usage.

-- The instance of the gateway that recorded an event.
CREATE TABLE usage_gateway (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  UNIQUE (name)
);

-- For whom an event counts.
CREATE TABLE usage_caller (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_namespace text NOT NULL,
  key_name text NOT NULL,
  user_name text NOT NULL,
  project text NOT NULL,
  UNIQUE (key_namespace, key_name, user_name, project)
);

-- Where a request went.
CREATE TABLE usage_destination (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  surface text NOT NULL,
  public_model text NOT NULL,
  provider_namespace text NOT NULL,
  provider_name text NOT NULL,
  upstream_model text NOT NULL,
  UNIQUE (surface, public_model, provider_namespace, provider_name, upstream_model)
);

-- How a request ended and how far its charge can be trusted.
CREATE TABLE usage_ending (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  outcome text NOT NULL,
  http_status integer NOT NULL,
  streamed integer NOT NULL,
  usage_source text NOT NULL,
  charge_state text NOT NULL,
  price_version text NOT NULL,
  UNIQUE (outcome, http_status, streamed, usage_source, charge_state, price_version)
);

-- The id is a UUID of version 7: it ascends with the time of the request.
CREATE TABLE usage_event (
  id uuid PRIMARY KEY,
  started_at_ms bigint NOT NULL,
  duration_ns bigint NOT NULL,
  gateway_id bigint NOT NULL,
  caller_id bigint NOT NULL,
  destination_id bigint NOT NULL,
  ending_id bigint NOT NULL,
  input_tokens bigint NOT NULL,
  cached_input_tokens bigint NOT NULL,
  cache_write_5m_tokens bigint NOT NULL,
  cache_write_1h_tokens bigint NOT NULL,
  audio_input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  audio_output_tokens bigint NOT NULL,
  pico_dollars bigint NOT NULL
);

CREATE VIEW usage AS
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
  event.pico_dollars
FROM usage_event AS event
JOIN usage_gateway AS gateway ON gateway.id = event.gateway_id
JOIN usage_caller AS caller ON caller.id = event.caller_id
JOIN usage_destination AS destination ON destination.id = event.destination_id
JOIN usage_ending AS ending ON ending.id = event.ending_id;
