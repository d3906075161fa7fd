package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.pretokenizer.LanguageCodeSplit;
import dev.heed.text.sentencepiece.SentencePieceDecoder;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.sentencepiece.SentencePieceText;
import dev.heed.text.sentencepiece.SentencePieceText.Spacing;
import dev.heed.text.source.JsonPart;
import dev.heed.text.subword.LanguageCodes;
import dev.heed.text.subword.Renumbered;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SentencePiece models with a {@code vocab.json} of numbers: Marian, M2M-100, Speech2Text. */
final class WordListFamily {
  private static final String MODEL = "sentencepiece.bpe.model";
  private static final List<String> M2M100 =
      List.of(
          ("af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd"
                  + " gl gu ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo"
                  + " lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so"
                  + " sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu")
              .split(" "));

  private WordListFamily() {}

  /** M2M-100: the language, such as {@code __en__}, stands before the text. */
  static Tokenizer m2m100(FamilyFolder folder) {
    JsonPart config = folder.config();
    if (!config.string("language_codes", "m2m100").equals("m2m100")) {
      throw config.wrong(
          Kind.UNSUPPORTED, "language_codes", "m2m100", config.node("language_codes"));
    }
    config.ignore("num_madeup_words");
    SentencePieceModel model = folder.sentencePiece(MODEL);
    Map<String, Integer> ids = new HashMap<>();
    VocabularyFiles.json(folder.file("vocab.json")).forEach(ids::put);
    int size = ids.size();
    for (int i = 0; i < M2M100.size(); i++) {
      ids.put(token(M2M100.get(i)), size + i);
    }
    Vocabulary vocabulary = Vocabulary.of(ids);
    SpecialTokens special =
        folder.special(
            new SpecialTokens(
                roles(), M2M100.stream().map(code -> SpecialToken.plain(token(code))).toList()));
    AddedTokens added = special.in(vocabulary, folder.added());
    TokenText text = text(model, special, Spacing.STRIPPED, false);
    int unknown = vocabulary.id(special.required(TokenRole.UNK));
    Steps steps =
        Steps.of(model.normalizer(), null, new Renumbered(model, vocabulary, unknown), text);
    String source = language(config, "src_lang");
    String target = language(config, "tgt_lang");
    Assembly parts = new Assembly(folder, special, added);
    List<String> end = List.of(special.required(TokenRole.EOS));
    Tokenizer read = parts.tokenizer(steps, Around.joined(added, List.of(source), end));
    return read.withTarget(parts.tokenizer(steps, Around.joined(added, List.of(target), end)));
  }

  private static String token(String language) {
    return "__" + language + "__";
  }

  private static String language(JsonPart config, String key) {
    String language = config.string(key, "en");
    if (!M2M100.contains(language)) {
      throw config.wrong(Kind.VALUE, key, "one of " + String.join(", ", M2M100), config.node(key));
    }
    return token(language);
  }

  private static Map<TokenRole, SpecialToken> roles() {
    return Map.of(
        TokenRole.BOS, SpecialToken.plain("<s>"),
        TokenRole.EOS, SpecialToken.plain("</s>"),
        TokenRole.UNK, SpecialToken.plain("<unk>"),
        TokenRole.SEP, SpecialToken.plain("</s>"),
        TokenRole.PAD, SpecialToken.plain("<pad>"));
  }

  /** Speech2Text: what was said, in capitals if the config says so. */
  static Tokenizer speechToText(FamilyFolder folder) {
    JsonPart config = folder.config();
    if (config.has("lang_codes") || config.has("tgt_lang")) {
      throw config.wrong(
          Kind.UNSUPPORTED,
          "lang_codes",
          "null, since one language is written",
          config.node("lang_codes"));
    }
    SentencePieceModel model = folder.sentencePiece(MODEL);
    Vocabulary vocabulary = VocabularyFiles.json(folder.file("vocab.json"));
    Map<TokenRole, SpecialToken> roles = new HashMap<>(roles());
    roles.remove(TokenRole.SEP);
    SpecialTokens special = folder.special(new SpecialTokens(roles, List.of()));
    AddedTokens added = special.in(vocabulary, folder.added());
    TokenText text = text(model, special, Spacing.BEHIND, config.flag("do_upper_case", false));
    int unknown = vocabulary.id(special.required(TokenRole.UNK));
    Steps steps =
        Steps.of(model.normalizer(), null, new Renumbered(model, vocabulary, unknown), text)
            .lowercased(config.flag("do_lower_case", false));
    return new Assembly(folder, special, added)
        .tokenizer(
            steps, Around.joined(added, List.of(), List.of(special.required(TokenRole.EOS))));
  }

  private static TokenText text(
      SentencePieceModel model, SpecialTokens special, Spacing spacing, boolean upper) {
    return new SentencePieceText(
        new SentencePieceDecoder(model), special.spellings(), spacing, 0, upper);
  }

  /** Marian: a model for what is read, one for what is written, and one list of numbers. */
  static Tokenizer marian(FamilyFolder folder) {
    SentencePieceModel source = folder.sentencePiece("source.spm");
    SentencePieceModel target = folder.sentencePiece("target.spm");
    folder.config().ignore("source_lang", "target_lang");
    Path words = folder.file("vocab.json");
    Path written =
        folder.config().flag("separate_vocabs", false) ? folder.file("target_vocab.json") : words;
    Map<TokenRole, SpecialToken> roles =
        Map.of(
            TokenRole.EOS, SpecialToken.plain("</s>"),
            TokenRole.UNK, SpecialToken.plain("<unk>"),
            TokenRole.PAD, SpecialToken.plain("<pad>"));
    SpecialTokens special = folder.special(new SpecialTokens(roles, List.of()));
    TokenText text = text(target, special, Spacing.BEHIND, false);
    return marian(folder, special, source, words, text)
        .withTarget(marian(folder, special, target, written, text));
  }

  private static Tokenizer marian(
      FamilyFolder folder,
      SpecialTokens special,
      SentencePieceModel model,
      Path words,
      TokenText text) {
    Vocabulary vocabulary = VocabularyFiles.json(words);
    AddedTokens added = special.in(vocabulary, folder.added());
    int unknown = vocabulary.id(special.required(TokenRole.UNK));
    TokenizerModel pieces =
        new LanguageCodes(
            new Renumbered(model, vocabulary, unknown), LanguageCodeSplit::isCode, unknown);
    Steps steps = Steps.of(null, new LanguageCodeSplit(model.normalizer()), pieces, text);
    return new Assembly(folder, special, added)
        .tokenizer(
            steps, Around.joined(added, List.of(), List.of(special.required(TokenRole.EOS))));
  }
}
