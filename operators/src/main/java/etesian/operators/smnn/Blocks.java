package etesian.operators.smnn;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * A batch cut into blocks of lanes. The cut depends on the batch alone, so that results are the
 * same to the bit on any number of threads.
 *
 * @param batch elements
 * @param lanes elements of a block; the last may have fewer
 */
record Blocks(int batch, int lanes) {
  /** More lanes pay for the start of each loop, fewer keep the matrices of a point in cache. */
  static final int MOST = 128;

  /** Blocks of about equal size. */
  static Blocks of(int batch) {
    int blocks = Math.max(1, (batch + MOST - 1) / MOST);
    int each = Math.max(1, (batch + blocks - 1) / blocks);
    return new Blocks(batch, each == 1 ? 1 : Math.min((each + 7) / 8 * 8, MOST));
  }

  int count() {
    return (batch + lanes - 1) / lanes;
  }

  int from(int block) {
    return block * lanes;
  }

  int lanes(int block) {
    return Math.min(lanes, batch - from(block));
  }

  /**
   * Runs {@code body} for each block. A worker serves one thread at a time; it is taken from {@code
   * idle}, or made where there is none, and put back. Of several failures the first block's is
   * thrown.
   */
  <W> void each(int threads, Queue<W> idle, Supplier<W> maker, ObjIntConsumer<W> body) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected 1 or more, got " + threads);
    }
    if (threads == 1 || count() == 1) {
      for (int block = 0; block < count(); block++) {
        with(idle, maker, body, block);
      }
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, count()));
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int block = 0; block < count(); block++) {
        int at = block;
        running.add(pool.submit(() -> with(idle, maker, body, at)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while solving", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static <W> void with(
      Queue<W> idle, Supplier<W> maker, ObjIntConsumer<W> body, int block) {
    W worker = idle.poll();
    if (worker == null) {
      worker = maker.get();
    }
    body.accept(worker, block);
    idle.add(worker);
  }
}
