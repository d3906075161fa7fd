/**
 * LayoutLM (Xu et al. 2020): BERT that knows where on a page each word stands; and LayoutLMv3
 * (Huang et al. 2022), which also sees the page.
 */
@NullMarked
package dev.heed.model.layoutlm;

import org.jspecify.annotations.NullMarked;
