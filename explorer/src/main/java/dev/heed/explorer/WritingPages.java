package dev.heed.explorer;

import dev.heed.explain.NextToken;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.Generated;
import dev.heed.web.Exchange;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A decoder writes, and shows what it computed for any of its tokens. */
final class WritingPages implements WebPart {
  /** So many tokens are written at once, and are looked back at. */
  private static final int MOST_TOKENS = 256;

  private static final int LONGEST = 4096;
  private static final int USUAL_TOKENS = 40;
  private static final int MOST_CANDIDATES = 50;
  private static final int USUAL_CANDIDATES = 10;

  private final SequencedMap<String, ExploredModel> models;

  /**
   * A token of a text.
   *
   * @param probability that the model gave it, at temperature 1; null where it was given
   */
  private record Piece(long id, String text, @Nullable Double probability) {}

  private record Written(String model, int prompt, String finish, List<Piece> tokens) {}

  private record Candidate(int id, String text, double probability) {}

  private record Layer(List<Candidate> top, double probability, long rank, double divergence) {}

  private record Next(
      List<Candidate> candidates,
      List<Layer> lens,
      float[][][] looks,
      List<NextToken.Kept> cache) {}

  WritingPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    WatchedWork.at(routes, "/api/write", this::write);
    WatchedWork.at(routes, "/api/next", this::next);
  }

  private void write(Exchange exchange) {
    RequestFields fields =
        RequestFields.of(exchange.json(), Set.of("model", "text", "ids", "tokens"));
    if (fields.has("text") == fields.has("ids")) {
      throw RequestFields.wrong("text", "either text or ids");
    }
    Integer given = fields.number("tokens", MOST_TOKENS + 1);
    int tokens = given == null ? USUAL_TOKENS : given;
    ExploredModel model = decoder(fields);
    Written written =
        model.writing(writer -> {
          int[] prompt =
              fields.has("text") ? writer.tokens(fields.text("text")) : ids(fields, writer);
          return written(model.name(), writer, prompt, tokens);
        });
    exchange.sendJson(200, JsonMapper.shared().valueToTree(written));
  }

  private ExploredModel decoder(RequestFields fields) {
    ExploredModel model = fields.model(models);
    if (!model.senses().writes()) {
      throw RequestFields.wrong("model", "a decoder, which writes on from a text");
    }
    return model;
  }

  private static int[] ids(RequestFields fields, TextGenerator writer) {
    return Arrays.stream(fields.numbers("ids", LONGEST, writer.tokenizer().vocabularySize()))
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  private static Written written(String name, TextGenerator writer, int[] prompt, int tokens) {
    int room = Math.min(writer.context(), LONGEST) - prompt.length;
    if (prompt.length == 0 || room < 1) {
      throw RequestFields.wrong(
          "text", "a text of 1 to " + (Math.min(writer.context(), LONGEST) - 1) + " tokens");
    }
    int most = Math.min(tokens, room);
    if (most == 0) {
      return new Written(name, prompt.length, "length", pieces(writer, prompt, List.of()));
    }
    GenerationConfig likeliest =
        GenerationConfig.DEFAULTS
            .with("eos_token_id", writer.config().tokens().eosTokenId())
            .with("max_new_tokens", most);
    Completion completion =
        writer
            .generateTokens(List.of(prompt), writer.settings().withConfig(likeliest))
            .getFirst()
            .getFirst();
    Generated generated = completion.generated();
    return new Written(
        name,
        prompt.length,
        generated.finish().name().toLowerCase(Locale.ROOT),
        pieces(writer, generated.tokens().toArray(), generated.steps()));
  }

  private static List<Piece> pieces(
      TextGenerator writer, int[] tokens, List<Generated.Step> steps) {
    int prompt = tokens.length - steps.size();
    return IntStream.range(0, tokens.length)
        .mapToObj(i ->
            new Piece(
                tokens[i],
                TokenSpelling.of(writer.tokenizer(), tokens[i]),
                i < prompt ? null : Math.exp(steps.get(i - prompt).logProbability())))
        .toList();
  }

  private void next(Exchange exchange) {
    RequestFields fields = RequestFields.of(exchange.json(), Set.of("model", "ids", "candidates"));
    Integer given = fields.number("candidates", MOST_CANDIDATES + 1);
    int most = given == null ? USUAL_CANDIDATES : given;
    Next next =
        decoder(fields)
            .writing(writer -> {
              int[] ids = ids(fields, writer);
              if (ids.length > writer.context()) {
                throw RequestFields.wrong("ids", "at most " + writer.context() + " tokens");
              }
              long[] tokens = Arrays.stream(ids).asLongStream().toArray();
              return next(writer, NextToken.after(writer.model(), tokens, most));
            });
    exchange.sendJson(200, JsonMapper.shared().valueToTree(next));
  }

  private static Next next(TextGenerator writer, NextToken found) {
    return new Next(
        candidates(writer, found.candidates()),
        found.lens().stream()
            .map(layer ->
                new Layer(
                    candidates(writer, layer.candidates()),
                    layer.probability(),
                    layer.rank(),
                    layer.divergence()))
            .toList(),
        found.looks(),
        found.cache());
  }

  private static List<Candidate> candidates(TextGenerator writer, List<NextToken.Candidate> found) {
    return found.stream()
        .map(one ->
            new Candidate(
                one.id(), TokenSpelling.of(writer.tokenizer(), one.id()), one.probability()))
        .toList();
  }
}
