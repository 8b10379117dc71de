package ai.oneflow.gateway.dialect.answer;

import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.anthropic.AnthropicUsage;
import ai.oneflow.gateway.dialect.bedrock.BedrockUsage;
import ai.oneflow.gateway.dialect.bedrock.FramesReader;
import ai.oneflow.gateway.dialect.cohere.CohereUsage;
import ai.oneflow.gateway.dialect.gemini.GeminiUsage;
import ai.oneflow.gateway.dialect.ollama.OllamaUsage;
import ai.oneflow.gateway.dialect.openai.OpenAiStreamReader;
import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import ai.oneflow.gateway.dialect.openai.ResponsesUsage;
import ai.oneflow.gateway.dialect.usage.EventsReader;
import ai.oneflow.gateway.dialect.usage.LinesReader;
import ai.oneflow.gateway.dialect.usage.TextReader;

/// A dialect in which providers answer, for what reads the usage in it. What each reads, and what
/// is part of what, is said by its figures and in `docs/usage.md`.
public enum AnswerDialect {
  /// Chat completions, completions and embeddings of OpenAI and of all who speak like it.
  OPENAI_CHAT,
  OPENAI_RESPONSES,
  ANTHROPIC_MESSAGES,
  /// `streamGenerateContent` with `alt=sse`.
  GEMINI,
  BEDROCK_CONVERSE,
  COHERE,
  /// Ollama's own API, whose streams are lines.
  OLLAMA;

  /// A reader of one answer that is one JSON text.
  public UsageReader text() {
    return switch (this) {
      case OPENAI_CHAT -> openAiText();
      case OPENAI_RESPONSES -> new TextReader(new ResponsesUsage());
      case ANTHROPIC_MESSAGES -> new TextReader(new AnthropicUsage());
      case GEMINI -> new TextReader(new GeminiUsage());
      case BEDROCK_CONVERSE -> new TextReader(new BedrockUsage());
      case COHERE -> new TextReader(new CohereUsage());
      case OLLAMA -> new TextReader(new OllamaUsage());
    };
  }

  /// A reader of one answer that is a stream, in the form in which this dialect streams.
  public UsageReader stream() {
    return switch (this) {
      case OPENAI_CHAT -> new OpenAiStreamReader(false);
      case OPENAI_RESPONSES -> new EventsReader(new ResponsesUsage());
      case ANTHROPIC_MESSAGES -> new EventsReader(new AnthropicUsage());
      case GEMINI -> new EventsReader(new GeminiUsage());
      case BEDROCK_CONVERSE -> new FramesReader();
      case COHERE -> new EventsReader(new CohereUsage());
      case OLLAMA -> new LinesReader(new OllamaUsage());
    };
  }

  private static UsageReader openAiText() {
    OpenAiUsageReader reader = new OpenAiUsageReader();
    reader.reset();
    return reader;
  }
}
