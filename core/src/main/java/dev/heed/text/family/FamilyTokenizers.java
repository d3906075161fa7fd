package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.Tokenizer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tokenizer of a folder without a {@code tokenizer.json}, by the name of its class. */
public final class FamilyTokenizers {
  private static final Map<String, Function<FamilyFolder, Tokenizer>> CLASSES = new TreeMap<>();
  private static final Map<String, String> MODEL_TYPES = new TreeMap<>();

  static {
    add(WordPieceFamily::bert, "BertTokenizer", "bert", "nomic_bert", "blip", "visual_bert");
    add(WordPieceFamily::bert, "DistilBertTokenizer", "distilbert");
    add(WordPieceFamily::bert, "ElectraTokenizer", "electra");
    add(WordPieceFamily::bert, "MobileBertTokenizer", "mobilebert");
    add(WordPieceFamily::bert, "SqueezeBertTokenizer", "squeezebert");
    add(WordPieceFamily::bert, "ConvBertTokenizer", "convbert");
    add(WordPieceFamily::bert, "LayoutLMTokenizer", "layoutlm");
    add(WordPieceFamily::bert, "LxmertTokenizer", "lxmert");
    add(WordPieceFamily::mpnet, "MPNetTokenizer", "mpnet");
    add(BytePairFamily::gpt2, "GPT2Tokenizer", "gpt2", "opt", "gpt_neo", "gptj");
    add(BytePairFamily::gpt2, "CodeGenTokenizer", "codegen", "phi");
    add(BytePairFamily::roberta, "RobertaTokenizer", "roberta");
    add(BytePairFamily::roberta, "BartTokenizer", "bart");
    add(BytePairFamily::roberta, "LongformerTokenizer", "longformer");
    add(BytePairFamily::roberta, "LEDTokenizer", "led");
    add(BytePairFamily::deberta, "DebertaTokenizer", "deberta");
    add(BytePairFamily::qwen2, "Qwen2Tokenizer", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe");
    add(BytePairFamily::whisper, "WhisperTokenizer", "whisper");
    add(BytePairFamily::clip, "CLIPTokenizer", "clip", "clip_text_model");
    add(BytePairFamily::gpt, "OpenAIGPTTokenizer", "openai-gpt");
    add(SentencePieceFamily::llama, "LlamaTokenizer", "llama", "mistral", "mixtral");
    add(SentencePieceFamily::gemma, "GemmaTokenizer", "gemma", "gemma2", "gemma3_text");
    add(SentencePieceFamily::t5, "T5Tokenizer", "t5", "mt5", "umt5", "longt5");
    add(
        SentencePieceFamily::pegasus,
        "PegasusTokenizer",
        "pegasus",
        "pegasus_x",
        "bigbird_pegasus");
    add(PieceFamily::albert, "AlbertTokenizer", "albert");
    add(PieceFamily::xlnet, "XLNetTokenizer", "xlnet");
    add(PieceFamily::bigBird, "BigBirdTokenizer", "big_bird");
    add(PieceFamily::debertaV2, "DebertaV2Tokenizer", "deberta-v2");
    add(PieceFamily::reformer, "ReformerTokenizer", "reformer");
    add(MultilingualFamily::xlmRoberta, "XLMRobertaTokenizer", "xlm-roberta", "xlm-roberta-xl");
    add(MultilingualFamily::camembert, "CamembertTokenizer", "camembert");
    add(MultilingualFamily::mbart, "MBartTokenizer", "mbart");
    add(MultilingualFamily::mbart50, "MBart50Tokenizer");
    add(WordListFamily::marian, "MarianTokenizer", "marian");
    add(WordListFamily::m2m100, "M2M100Tokenizer", "m2m_100");
    add(WordListFamily::speechToText, "Speech2TextTokenizer", "speech_to_text");
    add(
        CharacterFamily::wav2vec,
        "Wav2Vec2CTCTokenizer",
        "wav2vec2",
        "wav2vec2-conformer",
        "wav2vec2-bert",
        "hubert",
        "wavlm",
        "sew");
    add(CharacterFamily::esm, "EsmTokenizer", "esm");
  }

  private FamilyTokenizers() {}

  private static void add(
      Function<FamilyFolder, Tokenizer> family, String tokenizerClass, String... modelTypes) {
    CLASSES.put(tokenizerClass, family);
    for (String modelType : modelTypes) {
      MODEL_TYPES.put(modelType, tokenizerClass);
    }
  }

  /** The class that a model's type has, or null. */
  static @Nullable String ofModelType(String modelType) {
    return MODEL_TYPES.get(modelType);
  }

  /**
   * Opens a tokenizer.
   *
   * @param folder its files
   * @throws CheckpointException {@code UNSUPPORTED} for a class that Heed does not know; {@code
   *     NOT_FOUND} if a file is missing; and for invalid files
   */
  public static Tokenizer open(FamilyFolder folder) {
    String named = folder.tokenizerClass();
    String name = named == null ? byFiles(folder) : named;
    Function<FamilyFolder, Tokenizer> family = CLASSES.get(name);
    if (family == null) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          folder.path() + ", tokenizer_class",
          "one of " + String.join(", ", CLASSES.keySet()),
          Quoted.of(name),
          "Put a tokenizer.json beside the checkpoint: AutoTokenizer.from_pretrained(folder)"
              + ".save_pretrained(folder) writes one.");
    }
    return family.apply(folder);
  }

  /** Without a class: BERT's and GPT-2's are the only ones that their files tell. */
  private static String byFiles(FamilyFolder folder) {
    if (folder.has("vocab.json") && folder.has("merges.txt")) {
      return "GPT2Tokenizer";
    }
    if (folder.has("tokenizer.model")) {
      return "LlamaTokenizer";
    }
    if (folder.has("vocab.txt")) {
      return "BertTokenizer";
    }
    throw new CheckpointException(
        Kind.NOT_FOUND,
        folder.path().toString(),
        "a tokenizer.json, vocab.txt, vocab.json with merges.txt, tokenizer.model, or a"
            + " SentencePiece model and a tokenizer_config.json",
        "none of them",
        "Copy the tokenizer's files from where the checkpoint came from.");
  }
}
