package dev.heed.model.llama;

import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.Only;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Llama checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H
 * @param intermediateSize inner size of the feed-forward part
 * @param numHiddenLayers layers
 * @param numAttentionHeads query heads of each layer
 * @param numKeyValueHeads key heads of each layer, or null for as many as query heads
 * @param headDim size of a head, or null for {@code H / heads}
 * @param hiddenAct an {@link dev.heed.nn.Activation} by its config name
 * @param maxPositionEmbeddings the length trained on, which rotary scaling may need
 * @param rmsNormEps positive
 * @param tieWordEmbeddings whether the output map is the token table
 * @param attentionBias whether attention's maps have biases
 * @param attentionDropout of weights while training
 * @param mlpBias whether the feed-forward maps have biases
 * @param pretrainingTp slices of a product that give the same sum
 * @param ropeInterleaved whether rotary pairs are neighbours, as in Meta's own files
 */
public record LlamaConfig(
    @Default("32000") int vocabSize,
    @Default("4096") int hiddenSize,
    @Default("11008") int intermediateSize,
    @Default("32") int numHiddenLayers,
    @Default("32") int numAttentionHeads,
    @Nullable Integer numKeyValueHeads,
    @Nullable Integer headDim,
    @Default("silu") String hiddenAct,
    @Default("2048") int maxPositionEmbeddings,
    @Default("1e-6") double rmsNormEps,
    @Default("false") boolean tieWordEmbeddings,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout,
    @Default("false") boolean mlpBias,
    @Default("1") int pretrainingTp,
    @Default("false") @Only("false") boolean ropeInterleaved)
    implements DecoderSizes {}
