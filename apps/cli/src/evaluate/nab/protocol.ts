import { anomalyThreshold } from '@pitcrew/detection'

/** Series that were at hand when views and constants of the detector were chosen. */
export const tunedOn: readonly string[] = [
  'artificialNoAnomaly/art_daily_no_noise.csv',
  'artificialNoAnomaly/art_daily_small_noise.csv',
  'artificialNoAnomaly/art_noisy.csv',
  'artificialWithAnomaly/art_daily_jumpsdown.csv',
  'artificialWithAnomaly/art_daily_nojump.csv',
  'artificialWithAnomaly/art_load_balancer_spikes.csv',
  'realAWSCloudwatch/ec2_cpu_utilization_53ea38.csv',
  'realAWSCloudwatch/ec2_cpu_utilization_77c1ca.csv',
  'realAWSCloudwatch/ec2_cpu_utilization_ac20cd.csv',
  'realAWSCloudwatch/ec2_cpu_utilization_fe7f93.csv',
  'realAWSCloudwatch/ec2_disk_write_bytes_c0d644.csv',
  'realAWSCloudwatch/ec2_network_in_5abac7.csv',
  'realAWSCloudwatch/grok_asg_anomaly.csv',
  'realAWSCloudwatch/rds_cpu_utilization_cc0c53.csv',
  'realAdExchange/exchange-2_cpc_results.csv',
  'realAdExchange/exchange-3_cpc_results.csv',
  'realAdExchange/exchange-4_cpc_results.csv',
  'realKnownCause/ambient_temperature_system_failure.csv',
  'realKnownCause/ec2_request_latency_system_failure.csv',
  'realKnownCause/machine_temperature_system_failure.csv',
  'realKnownCause/nyc_taxi.csv',
  'realKnownCause/rogue_agent_key_updown.csv',
  'realTraffic/TravelTime_451.csv',
  'realTraffic/occupancy_t4013.csv',
  'realTraffic/speed_7578.csv',
  'realTweets/Twitter_volume_AAPL.csv',
  'realTweets/Twitter_volume_CRM.csv',
  'realTweets/Twitter_volume_FB.csv',
  'realTweets/Twitter_volume_IBM.csv',
  'realTweets/Twitter_volume_PFE.csv',
]

export const protocol = {
  scoring:
    "The benchmark's own: 15 % of a series, at most 750 rows, is probation; the first detection in a window counts by its " +
    'place in it (scaled sigmoid), one outside costs by its distance from the end of the window before; 100 x (score - ' +
    'none) / (perfect - none) over all series',
  threshold:
    "one over all series and for each profile the one with the highest score, as the benchmark's optimiser does",
  deployedThreshold: anomalyThreshold,
  detector:
    'stepAnomaly of @pitcrew/detection with its default tuning: one pass, no look-ahead, nothing set for a series, ' +
    'not told the least and greatest value of a series, which the benchmark allows',
  tunedOn,
  tuning:
    'Views, constants and deployed threshold were chosen on the series of tunedOn, all of them; views had to earn their ' +
    'place on them shortened, thinned out and reversed, too; what is not counted of a view and the shape of its tail had to ' +
    'raise halves of the series that had not chosen them, and generated series. standardOnUnseen is the score on all others.',
  halves: 'standardAtThresholdOfOtherHalf: every second series takes its threshold from the others',
}
