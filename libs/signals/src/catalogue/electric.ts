import { row, type Signal } from '../signal.ts'

const share = [0, 100] as const
const battery = 'Vehicle.Powertrain.TractionBattery'
const motor = 'Vehicle.Powertrain.ElectricMotor'

export const electricSignals: Signal[] = [
  row(`${battery}.StateOfHealth`, 'percent', share, 'Usable capacity of the traction battery, of that when new'),
  row(`${battery}.StateOfCharge.Current`, 'percent', share, 'Charge of the traction battery, of its usable capacity'),
  row(`${battery}.StateOfCharge.Displayed`, 'percent', share, 'Charge of the traction battery as the driver sees it'),
  row(
    `${battery}.Temperature.Max`,
    'celsius',
    [-50, 150],
    'Temperature of the hottest cell of the traction battery',
    5,
  ),
  row(
    `${battery}.Temperature.Min`,
    'celsius',
    [-50, 150],
    'Temperature of the coldest cell of the traction battery',
    5,
  ),
  row(`${battery}.Temperature.Average`, 'celsius', [-50, 150], 'Mean temperature of the cells', 5),
  row(`${battery}.CellVoltage.Max`, 'V', [0, 6], 'Voltage of the highest cell'),
  row(`${battery}.CellVoltage.Min`, 'V', [0, 6], 'Voltage of the lowest cell'),
  row(`${battery}.CurrentVoltage`, 'V', [0, 1_500], 'Voltage of the traction battery'),
  row(`${battery}.CurrentCurrent`, 'A', [-3_000, 3_000], 'Current of the traction battery, positive into it'),
  row(`${battery}.CurrentPower`, 'W', [-2_000_000, 2_000_000], 'Power of the traction battery, positive into it'),
  row(`${battery}.PowerLoss`, 'W', [0, 200_000], 'Power that the traction battery turns into heat'),
  row(`${battery}.NetCapacity`, 'kWh', [0, 2_000], 'Usable capacity of the traction battery'),
  row(`${battery}.AccumulatedChargedEnergy`, 'kWh', [0, 10_000_000], 'Energy charged in the life of the battery'),
  row(`${battery}.AccumulatedConsumedEnergy`, 'kWh', [0, 10_000_000], 'Energy drawn in the life of the battery'),
  row(`${battery}.Range`, 'm', [0, 5_000_000], 'Distance for which the charge lasts'),
  row(`${battery}.Charging.Temperature`, 'celsius', [-50, 200], 'Temperature of the on-board charger', 20),
  row(`${battery}.DCDC.Temperature`, 'celsius', [-50, 200], 'Temperature of the DC/DC converter', 20),
  row(`${motor}.Temperature`, 'celsius', [-50, 250], 'Electric motor temperature', 20),
  row(`${motor}.CoolantTemperature`, 'celsius', [-50, 150], 'Coolant temperature of the electric motor', 5),
  row(`${motor}.Speed`, 'rpm', [-30_000, 30_000], 'Electric motor speed, negative in reverse'),
  row(`${motor}.Power`, 'kW', [-2_000, 2_000], 'Electric motor power, negative while it recuperates'),
  row(`${motor}.Torque`, 'Nm', [-10_000, 10_000], 'Electric motor torque, negative while it recuperates'),
  row(`${motor}.TimeInUse`, 'h', [0, 200_000], 'Hours in use in the life of the electric motor'),
]
