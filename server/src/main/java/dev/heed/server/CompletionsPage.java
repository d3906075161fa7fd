package dev.heed.server;

import dev.heed.web.Exchange;
import dev.heed.web.Page;
import dev.heed.web.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/completions}. */
record CompletionsPage(Serving serving) implements Page {
  private static final int MOST_PROMPTS = 64;
  private static final int MOST_LIKELIEST = 20;

  /** What the interface says where a request does not. */
  private static final int USUAL_LENGTH = 16;

  @Override
  public void answer(Exchange exchange) throws IOException, InterruptedException {
    serving.answer(exchange, CompletionsPage::answer);
  }

  private static void answer(Exchange exchange, Fields fields, ServedModel model, Measured measured)
      throws IOException, InterruptedException {
    WritingQueue queue = model.requireWriting();
    List<Prompt> prompts = prompts(fields, queue);
    WritingWish wish = WritingWish.read(fields, queue.writer(), USUAL_LENGTH);
    Integer likeliest = fields.integer("logprobs", 0, MOST_LIKELIEST);
    boolean echo = fields.flag("echo", false);
    if (echo && likeliest != null) {
      throw Problem.ofParameter(
          "echo", "invalid_value", "echo: expected no logprobs beside it, got some");
    }
    Integer best = fields.integer("best_of", 1, Integer.MAX_VALUE);
    if (best != null && best != wish.count()) {
      throw Problem.ofParameter(
          "best_of", "invalid_value", "best_of: expected what n says, got " + best);
    }
    StreamWish stream = StreamWish.read(fields);
    String client = Clients.of(exchange, fields);
    fields.end();

    List<String> echoes = new ArrayList<>();
    try (TextRun run = new TextRun(queue, exchange, client, likeliest)) {
      for (Prompt prompt : prompts) {
        measured.read(prompt.tokens().length);
        run.write(prompt.tokens(), wish, null);
        for (int i = 0; i < wish.count(); i++) {
          echoes.add(echo ? prompt.text() : "");
        }
      }
      CompletionShape shape = new CompletionShape(queue.writer(), likeliest != null, echoes);
      WritingReply reply = new WritingReply(exchange, run, shape, model.name(), measured);
      if (stream.streams()) {
        reply.stream(echoes.size(), stream.usage());
      } else {
        reply.whole();
      }
    }
  }

  private record Prompt(String text, int[] tokens) {}

  /** A text, a list of texts, a list of tokens, or a list of lists of tokens. */
  private static List<Prompt> prompts(Fields fields, WritingQueue queue) {
    JsonNode given = fields.required("prompt");
    List<Prompt> prompts = new ArrayList<>();
    if (given.isString() || TokenInput.isTokens(given)) {
      prompts.add(prompt(fields, given, queue));
    } else if (given.isArray() && !given.isEmpty() && given.size() <= MOST_PROMPTS) {
      given.forEach(one -> prompts.add(prompt(fields, one, queue)));
    } else {
      throw fields.wrong("prompt", "a text, tokens, or a list of 1 to " + MOST_PROMPTS, given);
    }
    return prompts;
  }

  private static Prompt prompt(Fields fields, JsonNode one, WritingQueue queue) {
    if (one.isString()) {
      int[] tokens = queue.writer().tokens(one.stringValue());
      if (tokens.length == 0) {
        throw fields.wrong("prompt", "a token or more", one);
      }
      return new Prompt(one.stringValue(), tokens);
    }
    long[] ids = TokenInput.read(fields, "prompt", one, queue.writer().tokenizer());
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = (int) ids[i];
    }
    return new Prompt(queue.writer().tokenizer().decode(ids, false), tokens);
  }
}
