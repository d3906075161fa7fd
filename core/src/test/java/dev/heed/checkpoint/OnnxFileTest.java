package dev.heed.checkpoint;

import static dev.heed.checkpoint.OnnxBytes.floats;
import static dev.heed.checkpoint.OnnxBytes.message;
import static dev.heed.checkpoint.OnnxBytes.model;
import static dev.heed.checkpoint.OnnxBytes.node;
import static dev.heed.checkpoint.OnnxBytes.number;
import static dev.heed.checkpoint.OnnxBytes.raw;
import static dev.heed.checkpoint.OnnxBytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import dev.heed.tensor.Shape;
import dev.heed.tensor.TensorScope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OnnxFileTest {
  private static final UnknownFieldSet.Builder WEIGHT =
      raw("onnx::MatMul_7", 1, floats(1, 2, 3, 4, 5, 6), 2, 3);

  @Test
  void a_folded_weight_gets_its_parameters_name_and_layout_back() {
    byte[] bytes =
        model(
            new UnknownFieldSet.Builder[] {WEIGHT},
            node("/encoder/layer.0/dense/MatMul", "MatMul", "hidden", "onnx::MatMul_7"));
    try (TensorScope scope = TensorScope.open();
        OnnxFile file = OnnxBytes.open(bytes)) {
      assertThat(file.tensors().keySet()).containsExactly("encoder.layer.0.dense.weight");
      assertThat(file.info("encoder.layer.0.dense.weight").shape()).isEqualTo(Shape.of(3, 2));
      assertThat(file.read("encoder.layer.0.dense.weight").toFloatArray())
          .containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void a_weight_that_two_nodes_use_keeps_its_own_name_and_layout() {
    byte[] bytes =
        model(
            new UnknownFieldSet.Builder[] {WEIGHT},
            node("/a/MatMul", "MatMul", "x", "onnx::MatMul_7"),
            node("/b/MatMul", "MatMul", "y", "onnx::MatMul_7"));
    try (TensorScope scope = TensorScope.open();
        OnnxFile file = OnnxBytes.open(bytes)) {
      assertThat(file.read("onnx::MatMul_7").shape()).isEqualTo(Shape.of(2, 3));
    }
  }

  @Test
  void typed_fields_are_read_as_well_as_raw_data() {
    byte[] packedFloats =
        model(
            message()
                .addField(1, number(3))
                .addField(2, number(1))
                .addField(4, OnnxBytes.bytes(floats(1, -2, 0.5f)))
                .addField(8, text("f")));
    byte[] varints =
        model(
            message()
                .addField(1, number(3))
                .addField(2, number(7))
                .addField(7, OnnxBytes.bytes(new byte[] {5, (byte) 0x80, 1, 0}))
                .addField(8, text("i")));
    try (TensorScope scope = TensorScope.open()) {
      assertThat(OnnxBytes.open(packedFloats).read("f").toFloatArray())
          .containsExactly(1, -2, 0.5f);
      assertThat(OnnxBytes.open(varints).read("i").toLongArray()).containsExactly(5, 128, 0);
    }
  }

  @Test
  void fewer_varints_than_the_shape_says_are_refused_when_read() {
    byte[] bytes =
        model(
            message()
                .addField(1, number(3))
                .addField(2, number(7))
                .addField(7, OnnxBytes.bytes(new byte[] {5, (byte) 0x80, 1}))
                .addField(8, text("i")));
    OnnxFile file = OnnxBytes.open(bytes);
    assertThatThrownBy(() -> file.read("i"))
        .hasMessageContaining("expected 3 values, as its shape says, got fewer");
  }

  @Test
  void a_stream_shorter_than_it_says_is_refused() {
    byte[] bytes = model(WEIGHT);
    assertThatThrownBy(() -> OnnxFile.load("r", new ByteArrayInputStream(bytes), bytes.length + 1))
        .hasMessageContaining("r: expected " + (bytes.length + 1) + " bytes, got " + bytes.length);
  }

  @Test
  void the_embedded_encoder_has_the_names_of_its_checkpoint() throws IOException {
    URLConnection resource =
        Objects.requireNonNull(getClass().getResource("/all-minilm-l6-v2.onnx")).openConnection();
    try (TensorScope scope = TensorScope.open();
        InputStream in = resource.getInputStream();
        OnnxFile file = OnnxFile.load("minilm", in, resource.getContentLengthLong())) {
      assertThat(file.tensors()).hasSize(102);
      assertThat(file.tensors().keySet()).noneMatch(n -> n.startsWith("onnx::"));
      for (int layer = 0; layer < 6; layer++) {
        for (String part :
            new String[] {
              "attention.self.query",
              "attention.self.key",
              "attention.self.value",
              "attention.output.dense"
            }) {
          String name = "encoder.layer." + layer + "." + part + ".weight";
          assertThat(file.info(name).shape()).as(name).isEqualTo(Shape.of(384, 384));
        }
      }
      assertThat(file.info("encoder.layer.5.intermediate.dense.weight").shape())
          .isEqualTo(Shape.of(1536, 384));
      assertThat(file.read("encoder.layer.5.output.dense.weight").shape())
          .isEqualTo(Shape.of(384, 1536));
      assertThat(file.info("embeddings.word_embeddings.weight").shape())
          .isEqualTo(Shape.of(30522, 384));
    }
  }
}
