package dev.heed.spring;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A bean for each folder that the program's properties name; the context closes them. */
@AutoConfiguration
@EnableConfigurationProperties(HeedProperties.class)
public class HeedAutoConfiguration {
  /** What makes vectors, if {@code heed.embedding.model} is set and there is nothing else. */
  @Bean
  @ConditionalOnProperty("heed.embedding.model")
  @ConditionalOnMissingBean(EmbeddingModel.class)
  public HeedEmbeddingModel heedEmbeddingModel(HeedProperties properties) {
    return HeedEmbeddingModel.open(HeedProperties.require("embedding", properties.embedding()));
  }

  /** What chats, if {@code heed.chat.model} is set and there is nothing else. */
  @Bean
  @ConditionalOnProperty("heed.chat.model")
  @ConditionalOnMissingBean(ChatModel.class)
  public HeedChatModel heedChatModel(HeedProperties properties) {
    return HeedChatModel.open(HeedProperties.require("chat", properties.chat()));
  }

  /** For programs with Spring AI's retrieval. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DocumentPostProcessor.class)
  static class Ranking {
    @Bean
    @ConditionalOnProperty("heed.ranking.model")
    @ConditionalOnMissingBean
    HeedDocumentRanker heedDocumentRanker(HeedProperties properties) {
      return HeedDocumentRanker.open(HeedProperties.require("ranking", properties.ranking()));
    }
  }
}
