import type { ChannelOptions } from '@grpc/grpc-js'

const megabyte = 1024 * 1024

const both: ChannelOptions = {
  'grpc.max_receive_message_length': 8 * megabyte,
  'grpc.max_send_message_length': 8 * megabyte,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
}

export const serverOptions: ChannelOptions = both

/**
 * Round robin, because an address of Kubernetes' headless services stands for every instance; a quick first reconnect, because
 * a restarted instance is back within a second.
 */
export const clientOptions: ChannelOptions = {
  ...both,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 5_000,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
}
