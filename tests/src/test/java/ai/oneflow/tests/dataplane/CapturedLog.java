package ai.oneflow.tests.dataplane;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// All that is logged by a program's own configuration with its root turned to TRACE, until it is
/// closed.
final class CapturedLog implements AutoCloseable {
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  CapturedLog(String configuration) {
    configure(configuration);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.TRACE);
    Collector collector = new Collector();
    collector.setContext(context);
    collector.start();
    root.addAppender(collector);
  }

  /// The logger, the message, its keys and whatever was thrown, one text an event.
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    configure("logback-test.xml");
  }

  private void configure(String resource) {
    URL configuration = Objects.requireNonNull(getClass().getClassLoader().getResource(resource));
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(configuration);
    } catch (JoranException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Collector extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      lines.add(
          event.getLoggerName()
              + " "
              + event.getFormattedMessage()
              + " "
              + event.getKeyValuePairs()
              + " "
              + ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
  }
}
