/**
 * From settings to a running job: the brokers and the cluster they name (embedded ones are
 * started), the topics, the champions, the submission.
 */
package etesian.ops.run;
