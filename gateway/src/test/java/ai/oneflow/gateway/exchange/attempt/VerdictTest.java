package ai.oneflow.gateway.exchange.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.upstream.UpstreamFault;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerdictTest {

  @ParameterizedTest(name = "{0} {1}, stream asked for: {2}")
  @CsvSource({
    "200, application/json, false, Json 200",
    "200, Application/JSON; charset=utf-8, true, Json 200",
    "201, application/json, false, Json 201",
    "200, text/event-stream, true, Events",
    "200, text/event-stream; charset=utf-8, true, Events",
    "200, text/event-stream, false, PROVIDER_INVALID_RESPONSE",
    "200, text/html, true, PROVIDER_INVALID_RESPONSE",
    "200, '', false, PROVIDER_INVALID_RESPONSE",
    "204, application/json, false, Json 204",
    "302, application/json, false, PROVIDER_INVALID_RESPONSE",
    "400, application/json, true, Json 400",
    "400, application/problem+json, false, Json 400",
    "400, text/html, false, Refused 400",
    "400, text/event-stream, true, Refused 400",
    "413, text/html, true, Refused 413",
    "404, '', false, Refused 404",
    "499, text/plain, false, Refused 499",
    "401, application/json, false, PROVIDER_AUTHENTICATION_FAILED",
    "403, application/json, false, PROVIDER_AUTHENTICATION_FAILED",
    "407, text/html, false, PROVIDER_AUTHENTICATION_FAILED",
    "402, application/json, false, PROVIDER_AUTHENTICATION_FAILED",
    "404, application/json, false, Json 404",
    "408, application/json, false, PROVIDER_ERROR",
    "429, application/json, true, PROVIDER_RATE_LIMITED",
    "429, text/html, false, PROVIDER_RATE_LIMITED",
    "500, application/json, false, PROVIDER_ERROR",
    "529, application/json, false, PROVIDER_ERROR",
    "503, text/html, true, PROVIDER_ERROR",
    "100, application/json, false, PROVIDER_INVALID_RESPONSE",
    "700, application/json, false, PROVIDER_INVALID_RESPONSE",
  })
  void judgesByStatusAndContentType(int status, String type, boolean stream, String expected) {
    assertThat(shown(Verdict.of(head(status, type), request(stream), 0))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "200, PROVIDER_INVALID_RESPONSE",
    "400, Refused 400",
    "413, Refused 413",
    "401, PROVIDER_AUTHENTICATION_FAILED",
    "500, PROVIDER_ERROR"
  })
  void readsNothingThatIsCompressed(int status, String expected) {
    HttpResponse head = head(status, "application/json");
    head.headers().set(HttpHeaderNames.CONTENT_ENCODING, "gzip");

    assertThat(shown(Verdict.of(head, request(false), 0))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "429, '', '', 1000",
    "429, 20, '', 20000",
    "429, 0.25, '', 250",
    "429, 20, 1500, 1500",
    "429, 'Thu, 01 Jan 1970 00:01:40 GMT', '', 40000",
    "429, 'Thu, 01 Jan 1970 00:00:10 GMT', '', 0",
    "429, 'Thursday, 01-Jan-70 00:01:40 GMT', '', 40000",
    "429, 'Thu Jan  1 00:01:40 1970', '', 40000",
    "429, 'Wed Dec 31 23:59:59 1969', '', 0",
    "429, 'Wednesday, 01-Jan-20 00:01:40 GMT', '', 86400000",
    "429, 'Saturday, 01-Jan-21 00:01:40 GMT', '', 0",
    "429, 'Friday, 01-Jan-70 00:01:40 GMT', '', 1000",
    "429, soon, '', 1000",
    "429, -5, '', 1000",
    "429, NaN, '', 1000",
    "429, 1e300, '', 86400000",
    "503, 7, '', 7000",
    "503, '', '',",
    "500, soon, '',",
  })
  void readsWhenToComeAgain(int status, String retryAfter, String millis, Long expected) {
    HttpResponse head = head(status, "application/json");
    head.headers().set("retry-after", retryAfter).set("retry-after-ms", millis);

    GatewayError error = ((Verdict.Failed) Verdict.of(head, request(false), 60_000)).error();

    assertThat(error.retryAfter().map(Duration::toMillis)).isEqualTo(Optional.ofNullable(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_CONNECTED, PROVIDER_UNAVAILABLE",
    "CONNECT_TIMEOUT, PROVIDER_TIMEOUT",
    "CLOSED, PROVIDER_UNAVAILABLE",
    "MALFORMED, PROVIDER_INVALID_RESPONSE",
  })
  void namesWhatAFaultMeansToTheCaller(UpstreamFault.Kind kind, ErrorCode code) {
    GatewayError error = Verdict.error(new UpstreamFault(kind, "it hung up"));

    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).isEqualTo("The provider failed: it hung up.");
  }

  private static String shown(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Json(int status) -> "Json " + status;
      case Verdict.Events() -> "Events";
      case Verdict.Refused(int status, var error) -> {
        assertThat(error.code()).isEqualTo(ErrorCode.PROVIDER_REFUSED);
        yield "Refused " + status;
      }
      case Verdict.Failed(var error) -> error.code().name();
    };
  }

  private static HttpResponse head(int status, String type) {
    HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    return head;
  }

  private static ParsedRequest request(boolean stream) {
    OpenAiRequest fields =
        new OpenAiRequest(
            "m",
            new OpenAiRequest.Span(0, 0),
            stream,
            new OpenAiRequest.StreamOptions.Absent(),
            1,
            PromptSize.ofText(9),
            OutputCap.UNSAID,
            Needs.NOTHING);
    return new ParsedRequest(Surface.CHAT_COMPLETIONS, fields, Unpooled.EMPTY_BUFFER);
  }
}
