package etesian.ops.models;

import etesian.pipeline.settings.KafkaSettings;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Questions and orders to the brokers; where one fails, the error says which brokers they were. */
final class Brokers {
  private Brokers() {}

  /** What is asked of the brokers. */
  interface Question<T> {
    T ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  /**
   * The answer of the brokers.
   *
   * @throws IllegalStateException when they give none
   */
  static <T> T ask(KafkaSettings kafka, Question<T> question) {
    try (Admin admin = Admin.create(kafka.client())) {
      return question.ask(admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the brokers at %s do not answer as they should: %s"
              .formatted(kafka.brokers(), e.getCause().getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
