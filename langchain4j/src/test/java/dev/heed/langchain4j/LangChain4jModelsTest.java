package dev.heed.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.TinyModels;
import dev.heed.generate.TextGenerator;
import dev.heed.task.Reranker;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own chain over tiny models: documents found, ranked and put before a question. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class LangChain4jModelsTest {
  @TempDir Path folder;

  private Path chat() throws IOException {
    return chat("chat");
  }

  private Path chat(String name) throws IOException {
    Path to = Files.createDirectory(folder.resolve(name));
    TinyCheckpoint.write(to, "llama", "bert", Map.of("max_position_embeddings", "4096"));
    Files.writeString(
        to.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}");
    return to;
  }

  private Path ranker() throws IOException {
    Path to = Files.createDirectory(folder.resolve("ranker"));
    TinyCheckpoint.write(
        to,
        "bert-classify",
        "bert",
        Map.of("id2label", "{\"0\":\"LABEL_0\"}", "label2id", "{\"LABEL_0\":0}"));
    TinyCheckpoint.change(
        to, (name, value) -> name.startsWith("classifier.") ? value.narrow(0, 0, 1) : value);
    return to;
  }

  private static ChatRequest request() {
    return ChatRequest.builder()
        .messages(SystemMessage.from("the cat"), UserMessage.from("sat"))
        .maxOutputTokens(9)
        .temperature(0.0)
        .build();
  }

  @Test
  void a_chat_says_what_the_model_writes_whole_and_in_pieces() throws Exception {
    Path files = chat();
    String expected;
    try (TextGenerator writer = TextGenerator.open(files)) {
      var settings =
          writer
              .settings()
              .withConfig(writer.config().with("max_new_tokens", 9).with("do_sample", false));
      try (var text = writer.stream(writer.templateTokens("system the cat user sat "), settings)) {
        expected = text.finish().text();
      }
    }
    try (HeedChatModel model = HeedChatModel.open(files)) {
      ChatResponse whole = model.chat(request());
      assertThat(whole.aiMessage().text()).isEqualTo(expected);
      assertThat(whole.tokenUsage().outputTokenCount()).isLessThanOrEqualTo(9);
      assertThat(whole.tokenUsage().inputTokenCount())
          .isEqualTo(model.tokens().estimateTokenCountInMessages(request().messages()));
      Told told = new Told(context -> {});
      model.streaming().chat(request(), told);
      assertThat(told.done.get(60, TimeUnit.SECONDS).aiMessage().text()).isEqualTo(expected);
      assertThat(told.pieces.toString()).isEqualTo(expected);
      assertThat(told.errors).isEmpty();
    }
  }

  /** Hears what is told of an answer, and may do something at each piece. */
  private static final class Told implements StreamingChatResponseHandler {
    private final StringBuilder pieces = new StringBuilder();
    private final List<CompleteToolCall> calls = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    private final Consumer<PartialResponseContext> then;

    Told(Consumer<PartialResponseContext> then) {
      this.then = then;
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      pieces.append(piece.text());
      then.accept(context);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      calls.add(call);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      done.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
    }
  }

  @Test
  void a_piece_may_end_the_answer_and_an_error_of_the_reader_does_not() throws Exception {
    IllegalStateException own = new IllegalStateException("the reader's own");
    try (HeedChatModel model = HeedChatModel.open(TinyModels.writer(folder.resolve("writer")))) {
      Told failing =
          new Told(context -> {
            throw own;
          });
      model.streaming().chat(request(), failing);
      String whole = failing.done.get(60, TimeUnit.SECONDS).aiMessage().text();
      assertThat(failing.pieces.toString()).isEqualTo(whole);
      assertThat(failing.errors).isNotEmpty().containsOnly(own);

      CompletableFuture<Boolean> ended = new CompletableFuture<>();
      Told ending =
          new Told(context -> {
            context.streamingHandle().cancel();
            ended.complete(true);
          });
      model.streaming().chat(request(), ending);
      assertThat(ended.get(60, TimeUnit.SECONDS)).isTrue();
      // answers are written one after the other: when this one is there, that one has ended
      assertThat(model.chat(request()).aiMessage().text()).isEqualTo(whole);
      assertThat(ending.pieces.toString()).isNotEmpty().isNotEqualTo(whole);
      assertThat(whole).startsWith(ending.pieces.toString());
      assertThat(ending.done).isNotDone();
      assertThat(ending.errors).isEmpty();
    }
  }

  @Test
  void a_tool_is_called_and_its_result_read() throws Exception {
    Path files = TinyModels.writer(folder.resolve("writer"));
    Files.writeString(
        files.resolve("chat_template.jinja"),
        "{% for t in tools or [] %}{{ t.function.name }} {% endfor %}"
            + "{% for m in messages %}{{ m.role }} {{ m.content }} {% for c in m.tool_calls or []"
            + " %}{{ c.function.name }} {{ c.function.arguments.to }} {% endfor %}{% endfor %}");
    ToolSpecification tool =
        ToolSpecification.builder()
            .name("go")
            .parameters(
                JsonObjectSchema.builder()
                    .addEnumProperty("to", List.of("mat", "hat"))
                    .required("to")
                    .build())
            .build();
    try (HeedChatModel model = HeedChatModel.open(files)) {
      ChatRequest asked =
          ChatRequest.builder()
              .messages(UserMessage.from("sat"))
              .toolSpecifications(tool)
              .toolChoice(ToolChoice.REQUIRED)
              .maxOutputTokens(200)
              .build();
      AiMessage called = model.chat(asked).aiMessage();
      Told inPieces = new Told(context -> {});
      model.streaming().chat(asked, inPieces);
      AiMessage streamed = inPieces.done.get(60, TimeUnit.SECONDS).aiMessage();
      assertThat(inPieces.calls).extracting(CompleteToolCall::index).containsExactly(0);
      assertThat(inPieces.calls.getFirst().toolExecutionRequest())
          .isEqualTo(streamed.toolExecutionRequests().getFirst());
      assertThat(streamed.toolExecutionRequests().getFirst().arguments())
          .isEqualTo(called.toolExecutionRequests().getFirst().arguments());
      assertThat(called.toolExecutionRequests()).hasSize(1);
      assertThat(called.toolExecutionRequests().getFirst().name()).isEqualTo("go");
      assertThat(called.toolExecutionRequests().getFirst().arguments())
          .isIn("{\"to\":\"mat\"}", "{\"to\":\"hat\"}");
      ToolExecutionResultMessage result =
          ToolExecutionResultMessage.from(called.toolExecutionRequests().getFirst(), "the cat");
      ChatRequest told =
          ChatRequest.builder()
              .messages(UserMessage.from("sat"), called, result)
              .toolSpecifications(tool)
              .maxOutputTokens(3)
              .temperature(0.0)
              .frequencyPenalty(2.0)
              .build();
      assertThat(model.chat(told).tokenUsage().inputTokenCount())
          .isEqualTo(
              model.tokens().estimateTokenCountInMessages(told.messages())
                  + model.tokens().estimateTokenCountInText("go "));
    }
  }

  /** A path of the page, whose folders are the reader's. */
  private String under(String path) {
    return folder + "/" + path;
  }

  private void example(PrintStream console) {
    try (HeedEmbeddingModel embeddings = HeedEmbeddingModel.open(Path.of(under("encoder")));
        HeedScoringModel ranker = HeedScoringModel.open(Path.of(under("ranker")));
        HeedChatModel chat = HeedChatModel.open(Path.of(under("writer")))) {
      console.println(chat.chat("What is attention?"));
    }
  }

  @Test
  void the_example_of_the_page_answers() throws IOException {
    TinyModels.embedder(folder.resolve("encoder"));
    ranker();
    Files.writeString(
        chat("writer").resolve("generation_config.json"),
        "{\"max_new_tokens\":9,\"do_sample\":false}");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    example(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (HeedChatModel model = HeedChatModel.open(folder.resolve("writer"))) {
      assertThat(printed.toString(StandardCharsets.UTF_8).strip())
          .isNotEmpty()
          .isEqualTo(model.chat("What is attention?").strip());
    }
  }

  @Test
  void scores_are_the_rerankers() throws IOException {
    Path files = ranker();
    try (Reranker reranker = Reranker.open(files);
        HeedScoringModel model = HeedScoringModel.open(files)) {
      assertThat(model.score("sat", "the cat").content())
          .isEqualTo(reranker.scores("the cat", List.of("sat"))[0]);
    }
  }

  /** What LangChain4j implements. */
  interface Assistant {
    Result<String> answer(String question);
  }

  @Test
  void a_question_is_answered_over_documents() throws IOException {
    try (HeedEmbeddingModel embeddings =
            HeedEmbeddingModel.open(TinyModels.embedder(folder.resolve("encoder")));
        HeedScoringModel scores = HeedScoringModel.open(ranker());
        HeedChatModel chat = HeedChatModel.open(chat())) {
      List<TextSegment> documents =
          Stream.of("a b", "c", "b c a", "a").map(TextSegment::from).toList();
      InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
      store.addAll(embeddings.embedAll(documents).content(), documents);
      assertThat(embeddings.dimension()).isEqualTo(8);
      Assistant assistant =
          AiServices.builder(Assistant.class)
              .chatModel(chat)
              .retrievalAugmentor(
                  DefaultRetrievalAugmentor.builder()
                      .contentRetriever(
                          EmbeddingStoreContentRetriever.builder()
                              .embeddingStore(store)
                              .embeddingModel(embeddings)
                              .maxResults(3)
                              .build())
                      .contentAggregator(
                          ReRankingContentAggregator.builder()
                              .scoringModel(scores)
                              .maxResults(2)
                              .build())
                      .build())
              .build();
      Result<String> answer = assistant.answer("a b");
      assertThat(answer.sources()).hasSize(2);
      assertThat(answer.content()).isNotNull();
    }
  }
}
