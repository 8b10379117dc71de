package ai.oneflow.gateway.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.ledger.sql.CreditBook;
import ai.oneflow.gateway.ledger.sql.CreditBook.Outcome;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import ai.oneflow.gateway.ledger.sql.UsageGroup;
import ai.oneflow.gateway.ledger.sql.UsageQuery;
import ai.oneflow.gateway.ledger.sql.UsageReport;
import ai.oneflow.gateway.ops.ManagementPages.Page;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pages about the ledger: what was used, and prepaid credits. They ask SQL, so they block and
/// are never answered on an event loop. They tell who spent what and give credit, so only this
/// machine may ask: a person in a cluster comes by `kubectl port-forward`.
final class LedgerPages {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerPages.class);
  private static final String JSON = "application/json";
  private static final Set<String> PARAMETERS = Set.of("by", "from", "to", "format", "timeZone");

  private final LedgerDatabase database;
  private final InstantSource clock;

  LedgerPages(LedgerDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What is asked for, read off the event loop's buffers.
  ///
  /// @param contentType of the body; empty where nobody said
  record Question(
      HttpMethod method, String uri, String contentType, String body, boolean fromThisMachine) {}

  /// Whether the path is one of these pages'.
  static boolean isOne(String path) {
    return path.equals("/usage") || path.equals("/credits") || path.startsWith("/credits/");
  }

  /// Blocks on SQL.
  Page answer(Question question) {
    if (!question.fromThisMachine) {
      return ManagementPages.problem(
          HttpResponseStatus.FORBIDDEN,
          "Only this machine may ask that; in a cluster use kubectl port-forward.");
    }
    try {
      return page(question);
    } catch (IllegalArgumentException e) {
      return ManagementPages.problem(
          HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("ledger page failed");
      return ManagementPages.problem(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "The ledger's database cannot be used; the log says why.");
    }
  }

  private Page page(Question question) throws SQLException {
    QueryStringDecoder uri = new QueryStringDecoder(question.uri);
    List<String> path = List.of(uri.path().substring(1).split("/", -1));
    if (path.equals(List.of("usage"))) {
      return isRead(question) ? usage(uri) : ManagementPages.notAllowed("GET, HEAD");
    }
    if (path.equals(List.of("credits", "top-ups"))) {
      return question.method.equals(HttpMethod.POST)
          ? topUp(question)
          : ManagementPages.notAllowed("POST");
    }
    if (path.size() == 3) {
      KeyName key = new KeyName(path.get(1), path.get(2));
      return isRead(question) ? balance(key) : ManagementPages.notAllowed("GET, HEAD");
    }
    return ManagementPages.problem(
        HttpResponseStatus.NOT_FOUND,
        "There are /usage, /credits/top-ups and /credits/{namespace}/{key} here.");
  }

  private Page usage(QueryStringDecoder uri) throws SQLException {
    for (String parameter : uri.parameters().keySet()) {
      if (!PARAMETERS.contains(parameter)) {
        throw new IllegalArgumentException(
            "there is no parameter " + parameter + ", but by, from, to, format and timeZone");
      }
    }
    ReportFormat format =
        Choice.of("format", ReportFormat.values(), parameter(uri, "format", "json"));
    Period period =
        Period.parse(
            parameter(uri, "from", ""),
            parameter(uri, "to", ""),
            parameter(uri, "timeZone", ""),
            clock.instant());
    List<UsageGroup> groups =
        Choice.several("by", UsageGroup.values(), parameter(uri, "by", "project"));
    UsageQuery query = new UsageQuery(groups, period.interval(), period.zone());
    String report = format.render(UsageReport.read(database, query));
    return new Page(HttpResponseStatus.OK, format.contentType(), report.getBytes(UTF_8));
  }

  /// A page of the web that a browser on this machine shows could send any other type of body here.
  private Page topUp(Question question) throws SQLException {
    if (!question.contentType.split(";", 2)[0].strip().equalsIgnoreCase(JSON)) {
      return ManagementPages.problem(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "Send the top-up as " + JSON + ".");
    }
    TopUpRequest request = TopUpRequest.read(question.body);
    return switch (CreditBook.of(database).topUp(request.at(clock.instant()))) {
      case Outcome.Added(var topUp) -> json(HttpResponseStatus.CREATED, CreditsJson.topUp(topUp));
      case Outcome.AlreadyThere(var topUp) -> json(HttpResponseStatus.OK, CreditsJson.topUp(topUp));
      case Outcome.Contradicts(_) ->
          ManagementPages.problem(
              HttpResponseStatus.CONFLICT, "This reference has another amount already.");
    };
  }

  private Page balance(KeyName key) throws SQLException {
    CreditBook book = CreditBook.of(database);
    return json(
        HttpResponseStatus.OK, CreditsJson.balance(key, book.balance(key), book.topUps(key)));
  }

  private static Page json(HttpResponseStatus status, String body) {
    return new Page(status, JSON, body.getBytes(UTF_8));
  }

  private static boolean isRead(Question question) {
    return question.method.equals(HttpMethod.GET) || question.method.equals(HttpMethod.HEAD);
  }

  private static String parameter(QueryStringDecoder uri, String name, String otherwise) {
    List<String> values = uri.parameters().getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new IllegalArgumentException(name + " is given more than once");
    }
    return values.isEmpty() ? otherwise : values.getFirst();
  }
}
