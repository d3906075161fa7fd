package dev.heed.cli.train;

import dev.heed.fixture.WavBytes;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** A few examples of sounds, images with texts, and series, in the layouts of their data sets. */
final class TinyMedia {
  private static final int EXAMPLES = 6;

  private TinyMedia() {}

  /** Writes a file, and what it names; false if it is of another kind. */
  static boolean fill(Path file) throws IOException {
    Path parent = Objects.requireNonNull(file.getParent());
    switch (String.valueOf(parent.getFileName())) {
      case "spoken-digits" -> sounds(file);
      case "emoji-captions" -> captions(file);
      case "etth1" -> series(file);
      case "stsb" -> sentences(file);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Path packed(Path table) throws IOException {
    Files.createDirectories(table.resolveSibling(""));
    return table.resolveSibling(String.valueOf(table.getFileName()).replace(".tsv", ".zip"));
  }

  private static void sounds(Path table) throws IOException {
    StringBuilder rows = new StringBuilder("file\tdigit\tspeaker\n");
    Random random = new Random(5);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(packed(table)))) {
      for (int i = 0; i < EXAMPLES; i++) {
        rows.append(i)
            .append(".wav\t")
            .append(i)
            .append('\t')
            .append(i % 2 == 0 ? "george" : "lucas")
            .append('\n');
        zip.putNextEntry(new ZipEntry(i + ".wav"));
        zip.write(wav(random));
      }
    }
    Files.writeString(table, rows);
  }

  /** A fifth of a second of noise. */
  private static byte[] wav(Random random) {
    return WavBytes.of(8000, 1600, i -> random.nextInt(4000) - 2000);
  }

  private static void captions(Path table) throws IOException {
    StringBuilder rows = new StringBuilder("image\tname\tkeywords\n");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(packed(table)))) {
      for (int i = 0; i < EXAMPLES; i++) {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        image.setRGB(9 * i, 7, 0xffcc00);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        rows.append("color/")
            .append(i)
            .append(".png\tface ")
            .append(i / 2)
            .append("\tsmile; eye\n");
        zip.putNextEntry(new ZipEntry("color/" + i + ".png"));
        zip.write(png.toByteArray());
      }
    }
    Files.writeString(table, rows);
  }

  private static void sentences(Path table) throws IOException {
    Files.createDirectories(table.resolveSibling(""));
    Files.writeString(
        table,
        "genre\tscore\tsentence1\tsentence2\n"
            + "news\t2.5\tHe saw her.\tA man looks.\nnews\t1.0\tThe film.\tA book.\n");
  }

  /** Hours of seven columns. */
  private static void series(Path table) throws IOException {
    boolean packed = table.toString().endsWith(".gz");
    StringBuilder rows = new StringBuilder("date,HUFL,HULL,MUFL,MULL,LUFL,LULL,OT\n");
    for (int hour = 0; hour < (packed ? 540 : 100); hour++) {
      rows.append("2016-07-01 00:00:00");
      for (int column = 0; column < 7; column++) {
        rows.append(',').append(Math.sin(hour / (3.0 + column)) + hour % 5);
      }
      rows.append('\n');
    }
    Files.createDirectories(table.resolveSibling(""));
    try (OutputStream file = Files.newOutputStream(table);
        OutputStream out = packed ? new GZIPOutputStream(file) : file) {
      out.write(rows.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
