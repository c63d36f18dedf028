import type { Phrases } from './phrases.ts'

export const en: Phrases = {
  greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  systems: {
    VEHICLE_SYSTEM_UNSPECIFIED: { name: 'vehicle', problem: 'Something in it is not working as it should.' },
    VEHICLE_SYSTEM_COOLING: { name: 'cooling system', problem: 'The engine is no longer cooled as it should be.' },
    VEHICLE_SYSTEM_CHARGING: {
      name: 'charging system',
      problem: 'The battery is no longer charged properly while you drive.',
    },
    VEHICLE_SYSTEM_BATTERY: {
      name: 'battery',
      problem: 'The battery is losing strength and may not start the engine.',
    },
    VEHICLE_SYSTEM_FUEL_AIR: { name: 'fuel and air supply', problem: 'The engine gets the wrong mix of fuel and air.' },
    VEHICLE_SYSTEM_IGNITION: { name: 'ignition', problem: 'The engine is misfiring.' },
    VEHICLE_SYSTEM_EMISSIONS: { name: 'exhaust system', problem: 'The exhaust is no longer cleaned as it should be.' },
    VEHICLE_SYSTEM_BRAKES: { name: 'brakes', problem: 'The brakes are wearing out.' },
    VEHICLE_SYSTEM_TYRES: { name: 'tyres', problem: 'A tyre is losing pressure.' },
    VEHICLE_SYSTEM_LUBRICATION: { name: 'engine lubrication', problem: 'The engine is not getting the oil it needs.' },
    VEHICLE_SYSTEM_TRANSMISSION: { name: 'transmission', problem: 'The transmission is not shifting as it should.' },
  },
  haste: {
    URGENCY_CRITICAL:
      'It may fail within a day. For your safety, please drive only if you must until it has been looked at.',
    URGENCY_HIGH: 'It may fail within a week, so please do not put this off.',
    URGENCY_MEDIUM: 'It should be looked at within the next weeks. You can keep driving until then.',
    URGENCY_LOW: 'There is no hurry: the next time that suits you is early enough.',
    URGENCY_UNSPECIFIED: 'Please have it looked at.',
  },
  quotesProblem: true,
  proposal: {
    subject: (vehicle, system, urgency) => {
      if (urgency === 'URGENCY_CRITICAL') return `Urgent, for your safety: ${system} of ${vehicle}`
      return urgency === 'URGENCY_HIGH'
        ? `Please act this week: ${system} of ${vehicle}`
        : `A workshop visit for ${vehicle}: ${system}`
    },
    reminderSubject: (subject) => `Reminder: ${subject}`,
    finding: (vehicle, problem) => `Your vehicle ${vehicle} reports a problem. ${problem}`,
    offer: (time, centre) => `We are holding a place for you on ${time} at ${centre}.`,
    reminder: 'We have not heard from you yet, so we are asking again.',
    accept: 'Yes, book this time',
    alternative: (time) => `Rather ${time}`,
    otherTime: 'Another time',
    decline: 'No, thank you',
    digits: 'Reply 1 to book, 2 for another time, 3 to decline, STOP to hear no more.',
  },
  confirmation: {
    subject: (vehicle, time) => `Booked: ${vehicle} on ${time}`,
    booked: (vehicle, time, centre) => `Your vehicle ${vehicle} is booked in on ${time} at ${centre}.`,
    reference: (reference) => `The workshop knows it as ${reference}.`,
    calendar: 'The appointment is attached for your calendar. To change it, please call the workshop.',
  },
  feedback: {
    subject: (vehicle) => `How did it go with ${vehicle}?`,
    ask: (vehicle) =>
      `Your vehicle ${vehicle} is back from the workshop. Was the problem solved? Two clicks are enough.`,
    button: 'Tell us how it went',
  },
  footer: 'You get this because you agreed to be told about the condition of your vehicle.',
  optOut: 'Stop these messages',
  page: {
    accept: { title: 'Book this time?', text: 'We will book the workshop for you:', button: 'Yes, book it' },
    otherTime: {
      title: 'Another time',
      text: 'Tell us what suits you better and we will propose it.',
      button: 'Ask for this time',
    },
    decline: {
      title: 'No appointment?',
      text: 'We will give the place to somebody else. The problem stays until it is repaired.',
      button: 'Decline',
    },
    optOut: {
      title: 'Stop these messages?',
      text: 'We will write to you no more, not even about safety.',
      button: 'Stop the messages',
    },
    feedback: {
      title: 'How did it go?',
      text: 'From 1 (bad) to 5 (good): how was the visit, and is the problem solved?',
      button: 'Send',
    },
    wantedSlot: (time) => `You would rather come on ${time}. We will check that it is still free.`,
    offeredSlot: (time, centre) => `${time}, ${centre}.`,
  },
  done: {
    REPLY_KIND_ACCEPT: {
      title: 'Thank you',
      text: 'We are booking your appointment and will send you a confirmation.',
    },
    REPLY_KIND_OTHER_TIME: {
      title: 'Thank you',
      text: 'We are looking for a time that suits you and will write again.',
    },
    REPLY_KIND_DECLINE: { title: 'Understood', text: 'We have released the place that we held for you.' },
    REPLY_KIND_OPT_OUT: { title: 'Done', text: 'You will get no more messages from us.' },
    feedback: { title: 'Thank you', text: 'Your answer helps to build better vehicles.' },
  },
  already: {
    title: 'Already recorded',
    answer: {
      REPLY_KIND_ACCEPT: 'You have already accepted this appointment. To change it, please call the workshop.',
      REPLY_KIND_OTHER_TIME: 'You have already asked for another time. We will write again.',
      REPLY_KIND_DECLINE:
        'You have already declined this appointment. If you changed your mind, please call the workshop.',
    },
    optOut: 'You already get no more messages from us.',
    feedback: 'We already have your answer. Thank you.',
    superseded: {
      title: 'There is a newer proposal',
      text: 'This one no longer counts. Please use our newest message.',
    },
  },
}
