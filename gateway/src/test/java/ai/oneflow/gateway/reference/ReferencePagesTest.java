package ai.oneflow.gateway.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.accept.ResponseHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reference/errors.md` and `headers.md` say what the enums say. After a change of an enum
/// `-Doneflow.write.docs=true` writes the pages anew.
final class ReferencePagesTest {
  private static final String ERRORS =
      """
      # Errors

      Generated from `ErrorCode`; a test compares. A caller of OpenAI's surface gets
      `{"error": {"message", "type", "param", "code"}}` with one of these codes; codes stay as they are, messages may
      change. `type` is `requests` for `rate_limit_exceeded`, `invalid_request_error` for other faults of the caller and
      `server_error` for all else. A provider's own refusal of a request (its 4xx but for 401, 403 and 407) is passed
      byte for byte and is none of these.

      | code | status | at fault | meaning |
      |---|---|---|---|
      """;
  private static final String HEADERS =
      """
      # Response headers

      Generated from `ResponseHeader`; a test compares. These are the headers that the gateway adds; of the provider's
      own only `content-type` and `retry-after` are passed on.

      | header | value |
      |---|---|
      """;

  @Test
  void listsEveryErrorCode() throws IOException {
    compare(
        "errors.md",
        ERRORS
            + Arrays.stream(ErrorCode.values())
                .map(ReferencePagesTest::row)
                .collect(Collectors.joining()));
  }

  @Test
  void listsEveryHeader() throws IOException {
    compare(
        "headers.md",
        HEADERS
            + Arrays.stream(ResponseHeader.values())
                .map(header -> "| `%s` | %s |\n".formatted(header.wireName(), header.meaning()))
                .collect(Collectors.joining()));
  }

  private static String row(ErrorCode code) {
    return "| `%s` | %d | %s | %s |\n"
        .formatted(
            code.code(),
            code.status(),
            code.source().name().toLowerCase(Locale.ROOT),
            code.meaning());
  }

  private static void compare(String page, String expected) throws IOException {
    Path file = Path.of(System.getProperty("oneflow.root", "..")).resolve("docs/reference/" + page);
    if (Boolean.getBoolean("oneflow.write.docs")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertThat(file)
        .as("%s is out of date: run the tests with -Doneflow.write.docs=true", file)
        .hasContent(expected);
  }
}
