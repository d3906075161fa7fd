package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.fixture.OtherJvm;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What loading takes: no more than the file, and nothing once the model is closed. */
@Tag("soak")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
class LoadingMemoryTest {
  private static final int LOADS = 200;

  @Test
  void loading_takes_the_file_and_closing_gives_it_back(@TempDir Path folder) throws Exception {
    write(Files.createDirectory(folder.resolve("small")), 192, 512, 2000);
    write(folder, 512, 1408, 20_000);
    long file = Files.size(folder.resolve("model.safetensors"));
    String[] figures =
        OtherJvm.run(
                Loads.class,
                "-Xmx64m",
                "-Xms64m",
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                "-Dfolder=" + folder)
            .lines()
            .toList()
            .getLast() // warnings of libraries may stand before it
            .split(" ");
    assertThat(Long.parseLong(figures[0]))
        .as("bytes at the peak of a load")
        .isBetween(file / 2, file * 11 / 10);
    assertThat(Long.parseLong(figures[1]))
        .as("growth from the 100th load to the last")
        .isLessThan(file / 5);
  }

  /** A Llama with weights at random. */
  private static void write(Path folder, int width, int inner, int words) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %d,
         "intermediate_size": %d, "num_attention_heads": 8, "num_hidden_layers": 8,
         "num_key_value_heads": 8, "vocab_size": %d, "max_position_embeddings": 128,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
         "tie_word_embeddings": true}
        """
            .replaceFirst("%d", "" + width)
            .replaceFirst("%d", "" + inner)
            .replaceFirst("%d", "" + words));
    Generator random = new Generator(3);
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("model.embed_tokens.weight", Tensor.randn(random, words, width));
      for (int layer = 0; layer < 8; layer++) {
        String at = "model.layers." + layer + ".";
        for (String map : new String[] {"q", "k", "v", "o"}) {
          tensors.put(at + "self_attn." + map + "_proj.weight", Tensor.randn(random, width, width));
        }
        tensors.put(at + "mlp.gate_proj.weight", Tensor.randn(random, inner, width));
        tensors.put(at + "mlp.up_proj.weight", Tensor.randn(random, inner, width));
        tensors.put(at + "mlp.down_proj.weight", Tensor.randn(random, width, inner));
        tensors.put(at + "input_layernorm.weight", Tensor.randn(random, width));
        tensors.put(at + "post_attention_layernorm.weight", Tensor.randn(random, width));
      }
      tensors.put("model.norm.weight", Tensor.randn(random, width));
      SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }
  }

  /** Prints what a load took at its peak, and the growth over many. */
  static final class Loads {
    private static final Pattern KILOBYTES = Pattern.compile("(\\d+) kB");

    private Loads() {}

    static void main() throws IOException {
      Path folder = Path.of(System.getProperty("folder"));
      ModelLoader large = ModelLoader.of(ModelFiles.folder(folder));
      ModelLoader small = ModelLoader.of(ModelFiles.folder(folder.resolve("small")));
      small.load().close(); // Java's classes and LibTorch's pools are not the load's
      Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak starts anew
      long before = now("VmRSS");
      large.load().close();
      long peak = now("VmHWM") - before;
      long settled = 0;
      for (int load = 2; load <= LOADS; load++) {
        small.load().close();
        if (load == 100) {
          settled = now("VmRSS");
        }
      }
      System.out.println(peak + " " + (now("VmRSS") - settled));
    }

    private static long now(String name) throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        Matcher size = KILOBYTES.matcher(line);
        if (line.startsWith(name) && size.find()) {
          return Long.parseLong(size.group(1)) * 1024;
        }
      }
      throw new IllegalStateException("no " + name);
    }
  }
}
