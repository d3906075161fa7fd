package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.Side;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.UnderlinePrefix;
import dev.heed.text.normalizer.UnknownPrefix;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.sentencepiece.SentencePieceDecoder;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.sentencepiece.SentencePieceText;
import dev.heed.text.sentencepiece.SentencePieceText.Spacing;
import dev.heed.text.sentencepiece.UnprefixedModel;
import dev.heed.text.source.JsonPart;
import dev.heed.text.subword.Renumbered;
import dev.heed.text.subword.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One SentencePiece model whose numbers are the checkpoint's: Llama, T5, ALBERT, XLNet, Pegasus.
 */
final class SentencePieceFamily {
  private static final SpecialTokens LLAMA =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("<s>"),
              TokenRole.EOS, SpecialToken.bare("</s>"),
              TokenRole.UNK, SpecialToken.bare("<unk>")),
          List.of());
  private static final SpecialTokens GEMMA =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("<bos>"),
              TokenRole.EOS, SpecialToken.bare("<eos>"),
              TokenRole.UNK, SpecialToken.bare("<unk>"),
              TokenRole.PAD, SpecialToken.bare("<pad>")),
          List.of());
  private static final SpecialTokens T5 =
      new SpecialTokens(
          Map.of(
              TokenRole.EOS, SpecialToken.plain("</s>"),
              TokenRole.UNK, SpecialToken.plain("<unk>"),
              TokenRole.PAD, SpecialToken.plain("<pad>")),
          List.of());

  private SentencePieceFamily() {}

  /** Llama, before its third version. */
  static Tokenizer llama(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("tokenizer.model");
    SpecialTokens special = folder.special(LLAMA);
    AddedTokens added = special.in(model.vocabulary(), folder.added());
    boolean legacy = folder.config().flag("legacy", true);
    String bos =
        folder.config().flag("add_bos_token", true) ? special.required(TokenRole.BOS) : null;
    String eos =
        folder.config().flag("add_eos_token", false) ? special.required(TokenRole.EOS) : null;
    folder.config().ignore("use_default_system_prompt", "spaces_between_special_tokens");
    Spacing spacing = legacy ? Spacing.BEFORE_STRETCH_BUT_FIRST : Spacing.NONE;
    Steps steps = steps(model, legacy, special, spacing, 1);
    return new Assembly(folder, special, added)
        .tokenizer(
            steps,
            Around.both(added, bos, eos, bos, 1),
            folder.settings(special, Side.RIGHT, 0, false));
  }

  /** Gemma. */
  static Tokenizer gemma(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("tokenizer.model");
    SpecialTokens special = folder.special(GEMMA);
    AddedTokens added = special.in(model.vocabulary(), folder.added());
    JsonPart config = folder.config();
    String bos = config.flag("add_bos_token", true) ? special.required(TokenRole.BOS) : null;
    String eos = config.flag("add_eos_token", false) ? special.required(TokenRole.EOS) : null;
    config.ignore("use_default_system_prompt", "spaces_between_special_tokens");
    return new Assembly(folder, special, added)
        .tokenizer(
            steps(model, true, special, Spacing.NONE, 0),
            Around.both(added, bos, eos, bos, 1),
            folder.settings(special, Side.RIGHT, 0, false));
  }

  /** T5: an end, and further tokens for what is to be filled in. */
  static Tokenizer t5(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spiece.model");
    int extra = folder.config().count("extra_ids", 100);
    if (extra > model.pieces().size() + 100_000) {
      throw folder
          .config()
          .wrong(Kind.TOO_LARGE, "extra_ids", "a few", folder.config().node("extra_ids"));
    }
    List<SpecialToken> fillers =
        IntStream.range(0, extra)
            .mapToObj(i -> SpecialToken.plain("<extra_id_" + i + ">"))
            .toList();
    SpecialTokens special = folder.special(T5.withAdditional(fillers));
    int size = model.pieces().size();
    String[] pieces = model.pieces().spellings().toArray(new String[size + extra]);
    for (int i = 0; i < extra; i++) {
      pieces[size + extra - 1 - i] = "<extra_id_" + i + ">";
    }
    Vocabulary vocabulary = Vocabulary.of(pieces);
    AddedTokens added = special.in(vocabulary, folder.added());
    boolean legacy = folder.config().flag("legacy", true);
    Steps steps =
        steps(model, legacy, special, Spacing.BEFORE_STRETCH, Integer.MAX_VALUE)
            .renumbered(vocabulary, model.unknown());
    String eos = special.required(TokenRole.EOS);
    PostProcessor post =
        PostProcessor.of(
            Around.with(added).first().end(eos, 0).done(),
            Around.with(added).first().end(eos, 0).second(0).end(eos, 0).done());
    return new Assembly(folder, special, added).tokenizer(steps, post);
  }

  /** Each stretch gets a space before it; or, without legacy, only the whole text. */
  private static Steps steps(
      SentencePieceModel model,
      boolean legacy,
      SpecialTokens special,
      Spacing spacing,
      int underlines) {
    SentencePieceModel used = legacy ? model : model.withDummyPrefix(false);
    TokenText text =
        new SentencePieceText(
            new SentencePieceDecoder(used), special.spellings(), spacing, underlines, false);
    if (legacy) {
      return Steps.of(used.normalizer(), null, used, text);
    }
    String unknown = special.required(TokenRole.UNK);
    return Steps.of(
            new UnknownPrefix(unknown, used.normalizer()),
            null,
            new UnprefixedModel(used, unknown),
            text)
        .prepared(new UnderlinePrefix())
        .droppingLonePrefix();
  }

  /** Pegasus: tokens for gaps before the model's pieces. */
  static Tokenizer pegasus(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spiece.model");
    int offset = folder.config().count("offset", 103);
    String gap =
        folder.config().node("mask_token_sent").isNull()
            ? null
            : folder.config().string("mask_token_sent", "<mask_1>");
    List<SpecialToken> fillers = new ArrayList<>();
    if (gap != null) {
      fillers.add(SpecialToken.plain(gap));
    }
    IntStream.range(2, Math.min(offset, 10_000))
        .forEach(i -> fillers.add(SpecialToken.plain("<unk_" + i + ">")));
    SpecialTokens special =
        folder.special(
            new SpecialTokens(
                Map.of(
                    TokenRole.EOS, SpecialToken.plain("</s>"),
                    TokenRole.UNK, SpecialToken.plain("<unk>"),
                    TokenRole.PAD, SpecialToken.plain("<pad>"),
                    TokenRole.MASK, SpecialToken.plain("<mask_2>")),
                fillers));
    OffsetVocabulary vocabulary = new OffsetVocabulary();
    vocabulary.fix(0, special.required(TokenRole.PAD));
    vocabulary.fix(1, special.required(TokenRole.EOS));
    if (gap != null) {
      vocabulary.fix(2, gap);
      vocabulary.fix(3, special.required(TokenRole.MASK));
    }
    for (int i = 1; i < offset - 1 && i < special.additional().size(); i++) {
      vocabulary.fix(i + 3, special.additional().get(i).content());
    }
    Vocabulary ids = vocabulary.with(model.pieces(), offset);
    AddedTokens added = special.in(ids, folder.added());
    Steps steps =
        Steps.of(
            model.normalizer(),
            null,
            new Renumbered(model, ids, model.unknown() + offset),
            new SentencePieceText(
                new SentencePieceDecoder(model), special.spellings(), Spacing.STRIPPED, 0, false));
    return new Assembly(folder, special, added)
        .tokenizer(
            steps, Around.joined(added, List.of(), List.of(special.required(TokenRole.EOS))));
  }
}
