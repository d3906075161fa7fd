/** LayoutLM (Xu et al. 2020): BERT that knows where on a page each word stands. */
@NullMarked
package dev.heed.model.layoutlm;

import org.jspecify.annotations.NullMarked;
