import { Command } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
A device proves itself with its id and key, over HTTP, gRPC and MQTT, and may speak for the vehicles it was registered with. Whether
devices have to is DEVICE_AUTH: optional on loopback, required elsewhere (docs/guides/ingest.md).

Examples:
  ./pitcrew devices register truck-7-box --vehicle truck-7
  ./pitcrew devices register depot --vehicle '*'             a gateway that speaks for any vehicle
  ./pitcrew devices rotate-key truck-7-box --overlap 86400   the key before stays good for a day
  ./pitcrew devices revoke truck-7-box
  PITCREW_DEVICE=depot.KEY ./pitcrew replay logs/ --format carobd`

const common = (name: string) => withJson(withTarget(new Command(name))).addHelpText('after', help)

export function devicesCommand(): Command {
  return new Command('devices')
    .description('who may send telemetry: register, new keys, revoke')
    .addHelpText('after', help)
    .addCommand(
      common('list')
        .description('the newest first; never their keys')
        .option('--limit <n>', 'at most so many', '100')
        .action(async (options) => (await operations()).listDevices(options)),
    )
    .addCommand(
      common('register')
        .description('a new device; its key is printed this once')
        .argument('[device]', '1 to 64 of A-Z a-z 0-9 _ -; one is made up without it')
        .requiredOption('--vehicle <ids...>', 'it may speak for; * is any')
        .action(async (id, options) => (await operations()).registerDevice(id, options)),
    )
    .addCommand(
      common('rotate-key')
        .description('a new key')
        .argument('<device>')
        .option('--overlap <seconds>', 'the key before stays good so long; at most a week', '0')
        .action(async (id, options) => (await operations()).rotateKey(id, options)),
    )
    .addCommand(
      common('revoke')
        .description('refuse it from now on, with every key that it ever had')
        .argument('<device>')
        .action(async (id, options) => (await operations()).revokeDevice(id, options)),
    )
}

const operations = () => import('../operate/devices/devices.ts')
