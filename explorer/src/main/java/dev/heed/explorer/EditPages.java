package dev.heed.explorer;

import dev.heed.explain.edit.AttentionEdit;
import dev.heed.explain.edit.AttentionEdit.HeadOff;
import dev.heed.explain.edit.AttentionEdit.Knockout;
import dev.heed.explain.edit.Patched;
import dev.heed.explain.edit.Said;
import dev.heed.model.ModelKind;
import dev.heed.text.Encoding;
import dev.heed.web.Exchange;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a model says when its attention is changed. */
final class EditPages implements WebPart {
  private static final int MOST_EDITS = 4096;
  private static final int MOST_PATCHED = 64;
  private static final int MOST_OUTCOMES = 10;

  private final SequencedMap<String, ExploredModel> models;

  private record Outcome(String text, double before, double after) {}

  private record Edited(
      String kind,
      List<String> tokens,
      List<Integer> heads,
      List<Outcome> outcomes,
      double similarity,
      double[] changes) {}

  private record Patching(
      String kind,
      List<String> tokens,
      List<String> others,
      @Nullable String clean,
      @Nullable String corrupted,
      double similarity,
      double[][] positions,
      double[][] heads) {}

  EditPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    WatchedWork.at(routes, "/api/edit", this::edit);
    WatchedWork.at(routes, "/api/patch", this::patch);
  }

  private void edit(Exchange exchange) {
    RequestFields fields =
        RequestFields.of(exchange.json(), Set.of("model", "text", "off", "knockouts"));
    String text = fields.text("text");
    List<AttentionEdit> edits = edits(fields);
    ExploredModel model = fields.model(models);
    Edited edited =
        model.whole(whole -> {
          Encoding encoding = encoded(model, whole, "text", text, model.longest());
          Said before = whole.edited().run(encoding.ids(), List.of());
          Said after = whole.edited().run(encoding.ids(), edits);
          return new Edited(
              kind(whole, before),
              texts(whole, encoding),
              whole.edited().heads(),
              outcomes(model, whole, before, after),
              Said.cosine(before.mean(), after.mean()),
              before.changes(after));
        });
    exchange.sendJson(200, JsonMapper.shared().valueToTree(edited));
  }

  private static Encoding encoded(
      ExploredModel model, WholeModel whole, String name, String text, int most) {
    Encoding encoding = whole.tokenizer().encode(text);
    if (encoding.size() == 0 || encoding.size() > Math.min(most, model.longest())) {
      throw RequestFields.wrong(
          name, "a text of 1 to " + Math.min(most, model.longest()) + " tokens");
    }
    return encoding;
  }

  private static List<String> texts(WholeModel whole, Encoding encoding) {
    return encoding.tokens().stream()
        .map(token -> TokenSpelling.of(whole.tokenizer(), token.id()))
        .toList();
  }

  private static String kind(WholeModel whole, Said said) {
    if (said.best() < 0) {
      return "vectors";
    }
    return whole.model().kind() == ModelKind.DECODER ? "next" : "classes";
  }

  private static List<AttentionEdit> edits(RequestFields fields) {
    List<AttentionEdit> edits = new ArrayList<>();
    for (RequestFields off : fields.objects("off", MOST_EDITS, Set.of("layer", "head"))) {
      edits.add(new HeadOff(or(off, "layer"), or(off, "head")));
    }
    for (RequestFields one :
        fields.objects("knockouts", MOST_EDITS, Set.of("layer", "head", "query", "key"))) {
      edits.add(
          new Knockout(
              or(one, "layer"),
              or(one, "head"),
              or(one, "query"),
              one.required("key", Integer.MAX_VALUE)));
    }
    return edits;
  }

  private static int or(RequestFields fields, String name) {
    Integer number = fields.number(name, Integer.MAX_VALUE);
    return number == null ? AttentionEdit.ALL : number;
  }

  private static List<Outcome> outcomes(
      ExploredModel model, WholeModel whole, Said before, Said after) {
    double[] first = before.probabilities();
    double[] second = after.probabilities();
    return IntStream.range(0, first.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.max(first[i], second[i])))
        .limit(MOST_OUTCOMES)
        .map(i -> new Outcome(name(model, whole, i), first[i], second[i]))
        .toList();
  }

  private static String name(ExploredModel model, WholeModel whole, int outcome) {
    return whole.model().kind() == ModelKind.DECODER
        ? TokenSpelling.of(whole.tokenizer(), outcome)
        : model.className(outcome);
  }

  /** What a model says first, or null for one that gives vectors. */
  private static @Nullable String best(ExploredModel model, WholeModel whole, Said said) {
    return said.best() < 0 ? null : name(model, whole, said.best());
  }

  private void patch(Exchange exchange) {
    RequestFields fields = RequestFields.of(exchange.json(), Set.of("model", "text", "other"));
    String text = fields.text("text");
    String other = fields.text("other");
    ExploredModel model = fields.model(models);
    Patching patching =
        model.whole(whole -> {
          Encoding clean = encoded(model, whole, "text", text, MOST_PATCHED);
          Encoding corrupted = encoded(model, whole, "other", other, MOST_PATCHED);
          Patched patched = whole.edited().patch(clean.ids(), corrupted.ids());
          return new Patching(
              kind(whole, patched.clean()),
              texts(whole, clean),
              texts(whole, corrupted),
              best(model, whole, patched.clean()),
              best(model, whole, patched.corrupted()),
              Said.cosine(patched.clean().mean(), patched.corrupted().mean()),
              patched.positions(),
              patched.heads());
        });
    exchange.sendJson(200, JsonMapper.shared().valueToTree(patching));
  }
}
