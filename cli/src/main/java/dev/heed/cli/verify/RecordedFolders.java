package dev.heed.cli.verify;

import dev.heed.cli.FileTrouble;
import dev.heed.text.recorded.TokenizerVerification;
import dev.heed.verify.BlockVerification;
import dev.heed.verify.FeatureVerification;
import dev.heed.verify.GgufVerification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The recordings among what a user names: folders of one, and folders of such folders. */
final class RecordedFolders {
  /** Folders within folders that are searched, so that links that lead back come to an end. */
  private static final int DEEPEST = 3;

  private RecordedFolders() {}

  /** What a folder is a recording of. */
  enum Kind {
    /** Of a model, in Hugging Face's files. */
    MODEL,
    /** Of a tokenizer. */
    TOKENIZER,
    /** Of what is made of images or sounds. */
    FEATURES,
    /** Of models in GGUF files. */
    GGUF,
    /** Of blocks of GGUF's tensor types. */
    BLOCKS,
    /** Of nothing. */
    NONE;

    static Kind of(Path folder) {
      if (GgufVerification.isRecording(folder)) {
        return GGUF;
      }
      if (TokenizerVerification.isRecording(folder)) {
        return TOKENIZER;
      }
      if (FeatureVerification.isRecording(folder)) {
        return FEATURES;
      }
      if (BlockVerification.isRecording(folder)) {
        return BLOCKS;
      }
      return Files.isRegularFile(folder.resolve("config.json")) ? MODEL : NONE;
    }
  }

  /**
   * Finds them. What is no recording and has none stays, for an error that says so, but for files
   * that stand among folders, which a pattern of a shell names too.
   *
   * @param messages is told of those
   */
  static List<Path> in(List<Path> named, PrintWriter messages) {
    List<Path> found = new ArrayList<>();
    for (Path path : named) {
      List<Path> inside = recordings(path, DEEPEST);
      if (!inside.isEmpty()) {
        found.addAll(inside);
      } else if (named.size() > 1 && Files.isRegularFile(path)) {
        messages.println("heed: " + path + " is a file and no recording: left out");
      } else {
        found.add(path);
      }
    }
    messages.flush();
    return found;
  }

  private static List<Path> recordings(Path path, int depth) {
    if (Kind.of(path) != Kind.NONE) {
      return List.of(path);
    }
    if (depth == 0 || !Files.isDirectory(path) || !Files.isReadable(path)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(Files::isDirectory)
          .sorted()
          .flatMap(entry -> recordings(entry, depth - 1).stream())
          .toList();
    } catch (IOException e) {
      throw FileTrouble.of(null, path, e);
    }
  }
}
