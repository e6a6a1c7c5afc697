package etesian.ops.console;

import java.time.Instant;

/**
 * A dead letter without its bytes.
 *
 * @param at when it was written
 * @param reasonClass for programs
 * @param reason for people
 * @param place topic/partition@offset of the record that was refused
 * @param sha256 of its content
 */
record Letter(Instant at, String reasonClass, String reason, String place, String sha256) {}
