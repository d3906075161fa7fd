package dev.heed.cli.train;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.HeedCommand;
import dev.heed.text.Tokenizer;
import dev.heed.text.train.TokenizerTraining;
import dev.heed.text.train.TokenizerTraining.Kind;
import dev.heed.text.train.TrainedTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed vocabulary}: learns a tokenizer from files of text. */
@Command(
    name = "vocabulary",
    description = {
      "Learn a tokenizer from files of text, one text a line; .gz too.",
      "DIR gets tokenizer.json, which Heed and the tokenizers library read, and"
          + " tokenizer_config.json."
    },
    footer = {
      "",
      "Example:",
      "  heed vocabulary book.txt --kind byte-pairs --size 8000 --out tokenizer"
    })
public final class VocabularyCommand extends HeedCommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Texts in UTF-8.")
  private List<Path> files = List.of();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "byte-pairs, word-pieces or unigram (default: byte-pairs).")
  private String kind = "byte-pairs";

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "How many tokens, special ones included (default: 8000).")
  private int size = 8000;

  @Option(
      names = "--least",
      paramLabel = "N",
      description = "How often a pair must stand there to become a token (default: 2).")
  private long least = 2;

  @Option(names = "--lowercase", description = "word-pieces: small letters, no accents.")
  private boolean lowercase;

  @Option(
      names = "--special",
      split = ",",
      paramLabel = "TOKEN",
      description = "Tokens beyond the kind's own that stand for something, such as \">>fra<<\".")
  private List<String> special = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the tokenizer goes.")
  private Path folder = Path.of("");

  /**
   * What was learned.
   *
   * @param folder where it lies
   * @param kind of tokenizer
   * @param tokens how many
   * @param characters read
   * @param charactersPerToken how many a token stands for, on the texts themselves
   * @param seconds learning took
   * @param encodedPerSecond characters that the tokenizer then cuts in a second
   */
  private record Report(
      String folder,
      String kind,
      int tokens,
      long characters,
      double charactersPerToken,
      double seconds,
      double encodedPerSecond) {}

  @Override
  protected int run() throws IOException {
    TokenizerTraining training = training();
    long start = System.nanoTime();
    TrainedTokenizer trained = train(training);
    double seconds = (System.nanoTime() - start) / 1e9;
    try {
      trained.write(folder);
    } catch (IOException e) {
      throw FileTrouble.of("--out", folder, e);
    }
    Report report = report(trained, seconds);
    if (json()) {
      printJson(report);
    } else {
      out()
          .printf(
              "%s: %,d tokens of %,d characters in %.1f s; %.2f characters a token, cut at %,.0f"
                  + " characters a second%n",
              report.folder(),
              report.tokens(),
              report.characters(),
              report.seconds(),
              report.charactersPerToken(),
              report.encodedPerSecond());
    }
    out().flush();
    return ExitStatus.OK;
  }

  private TokenizerTraining training() {
    Kind found =
        switch (kind.toLowerCase(Locale.ROOT)) {
          case "byte-pairs" -> Kind.BYTE_PAIRS;
          case "word-pieces" -> Kind.WORD_PIECES;
          case "unigram" -> Kind.UNIGRAM;
          default ->
              throw new BadInputException(
                  "--kind: expected byte-pairs, word-pieces or unigram, got " + kind);
        };
    if (lowercase && found != Kind.WORD_PIECES) {
      throw new BadInputException("--lowercase: expected --kind word-pieces, got " + kind);
    }
    try {
      TokenizerTraining usual = new TokenizerTraining(found, size);
      return new TokenizerTraining(found, size, least, usual.characters(), lowercase, special);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  private TrainedTokenizer train(TokenizerTraining training) throws IOException {
    try (Stream<String> lines = lines()) {
      return training.train(lines);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
  }

  private Stream<String> lines() {
    return files.stream().flatMap(VocabularyCommand::lines);
  }

  private static Stream<String> lines(Path file) {
    try {
      InputStream bytes = Files.newInputStream(file);
      InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
      return reader
          .lines()
          .onClose(() -> {
            try {
              reader.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Report report(TrainedTokenizer trained, double seconds) {
    Tokenizer tokenizer = trained.tokenizer();
    long start = System.nanoTime();
    long[] counts = new long[2];
    try (Stream<String> lines = lines()) {
      lines.forEach(line -> {
        counts[0] += line.length();
        counts[1] += tokenizer.encode(line, null, false).ids().length;
      });
    }
    double taken = (System.nanoTime() - start) / 1e9;
    return new Report(
        folder.toString(),
        kind,
        trained.tokens().size(),
        counts[0],
        counts[0] / (double) Math.max(1, counts[1]),
        seconds,
        counts[0] / taken);
  }
}
