/**
 * RoBERTa (Liu et al. 2019): BERT whose positions count from the padding token on; XLM-RoBERTa
 * (Conneau et al. 2020) and CamemBERT, which are the same for other languages; and XLM-RoBERTa-XL
 * (Goyal et al. 2021), which normalises before its blocks.
 */
@NullMarked
package dev.heed.model.roberta;

import org.jspecify.annotations.NullMarked;
