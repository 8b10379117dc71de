package ai.oneflow.gateway.error;

import java.util.Locale;

/// Every error that a gateway answers with: stable code, HTTP status and who is at fault. The page
/// `docs/reference/errors.md` lists them.
public enum ErrorCode {
  MALFORMED_REQUEST(400, Source.CALLER, "the bytes are no HTTP request that can be answered"),
  INVALID_JSON(400, Source.CALLER, "the body is not JSON"),
  INVALID_VALUE(400, Source.CALLER, "a field of the body has a value it cannot have"),
  NO_SUITABLE_TARGET(
      400, Source.CALLER, "no target of the model's policy can do what is asked for"),
  PROVIDER_REFUSED(
      400,
      Source.CALLER,
      "the provider refuses the request, and not in its dialect; the answer has the provider's"
          + " status, 400 to 499"),
  INVALID_API_KEY(401, Source.CALLER, "no key was sent, or one that is not known or has expired"),
  BUDGET_EXCEEDED(402, Source.CALLER, "a budget is spent"),
  CREDITS_EXHAUSTED(402, Source.CALLER, "the credits that were topped up are spent"),
  API_KEY_SUSPENDED(403, Source.CALLER, "the key is suspended"),
  MODEL_NOT_PERMITTED(403, Source.CALLER, "the key may not ask for this model"),
  OVERRIDE_NOT_PERMITTED(
      403, Source.CALLER, "the policy lets no caller choose provider or strategy"),
  MODEL_NOT_FOUND(
      404, Source.CALLER, "no routing policy serves this model, and no provider has it"),
  NOT_FOUND(404, Source.CALLER, "the path is none of this gateway's"),
  METHOD_NOT_ALLOWED(405, Source.CALLER, "the path is known, the method is not"),
  REQUEST_TIMEOUT(408, Source.CALLER, "the rest of the body did not come in time"),
  IDEMPOTENCY_IN_FLIGHT(
      409, Source.CALLER, "a request with the same Idempotency-Key is still under way"),
  IDEMPOTENCY_NOT_REPLAYABLE(
      409,
      Source.CALLER,
      "a request with the same Idempotency-Key was answered, and the answer was not kept"),
  REQUEST_TOO_LARGE(413, Source.CALLER, "the body is larger than the gateway's limit"),
  UNSUPPORTED_ENCODING(415, Source.CALLER, "the body is compressed"),
  IDEMPOTENCY_KEY_REUSED(
      422, Source.CALLER, "the Idempotency-Key is that of a request with another body"),
  RATE_LIMIT_EXCEEDED(
      429, Source.CALLER, "a limit on requests is used up; Retry-After says when it opens"),
  QUOTA_EXCEEDED(
      429, Source.CALLER, "a limit on tokens or credits has no room for what this may use"),
  CONCURRENCY_LIMIT_EXCEEDED(429, Source.CALLER, "as many requests as may be are under way"),
  HEADERS_TOO_LARGE(431, Source.CALLER, "the request line or the header fields are too long"),
  INTERNAL_ERROR(500, Source.GATEWAY, "a bug in the gateway"),
  GATEWAY_NOT_READY(503, Source.GATEWAY, "no configuration has arrived yet"),
  GATEWAY_OVERLOADED(
      503,
      Source.GATEWAY,
      "the gateway has as much to do, or holds as much, as it can; Retry-After says when to come"
          + " again"),
  LIMITS_UNAVAILABLE(
      503, Source.GATEWAY, "a limit that must not be guessed cannot be checked at present"),
  IDEMPOTENCY_UNAVAILABLE(
      503, Source.GATEWAY, "whether the Idempotency-Key was used before cannot be told at present"),
  LEDGER_UNAVAILABLE(
      503, Source.GATEWAY, "usage can be recorded neither in SQL nor in the journal"),
  MODEL_UNPRICED(503, Source.GATEWAY, "the target has no price and its policy refuses to serve it"),
  PROVIDER_OVERLOADED(
      503,
      Source.GATEWAY,
      "as many requests as may be are under way at the provider, and no more may wait or wait"
          + " longer; Retry-After says when to come again"),
  PROVIDER_RATE_LIMITED(
      429,
      Source.PROVIDER,
      "the provider's own limit is used up; Retry-After says when to come again"),
  PROVIDER_AUTHENTICATION_FAILED(502, Source.PROVIDER, "the provider refuses the gateway's key"),
  PROVIDER_INVALID_RESPONSE(502, Source.PROVIDER, "the provider's answer is not of its dialect"),
  PROVIDER_ERROR(502, Source.PROVIDER, "the provider answered with a server error"),
  PROVIDER_UNAVAILABLE(503, Source.PROVIDER, "the provider cannot be reached, or hung up"),
  PROVIDER_TIMEOUT(504, Source.PROVIDER, "the provider did not answer in time");

  /// Who is at fault.
  public enum Source {
    CALLER,
    GATEWAY,
    PROVIDER
  }

  private final int status;
  private final Source source;
  private final String meaning;
  private final String code = name().toLowerCase(Locale.ROOT);

  ErrorCode(int status, Source source, String meaning) {
    this.status = status;
    this.source = source;
    this.meaning = meaning;
  }

  /// As callers and metrics see it: `rate_limit_exceeded`.
  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  public Source source() {
    return source;
  }

  /// One clause for a person.
  public String meaning() {
    return meaning;
  }
}
