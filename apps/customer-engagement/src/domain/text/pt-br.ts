import type { Phrases } from './phrases.ts'

export const ptBr: Phrases = {
  greeting: (name) => (name === '' ? 'Olá,' : `Olá, ${name},`),
  systems: {
    VEHICLE_SYSTEM_UNSPECIFIED: { name: 'veículo', problem: 'Algo nele não está funcionando como deveria.' },
    VEHICLE_SYSTEM_COOLING: {
      name: 'sistema de arrefecimento',
      problem: 'O motor não está mais sendo resfriado como deveria.',
    },
    VEHICLE_SYSTEM_CHARGING: {
      name: 'sistema de carga',
      problem: 'A bateria não carrega direito enquanto você dirige.',
    },
    VEHICLE_SYSTEM_BATTERY: {
      name: 'bateria',
      problem: 'A bateria está perdendo força e pode não dar partida no motor.',
    },
    VEHICLE_SYSTEM_FUEL_AIR: {
      name: 'alimentação de ar e combustível',
      problem: 'O motor recebe a mistura errada de ar e combustível.',
    },
    VEHICLE_SYSTEM_IGNITION: { name: 'ignição', problem: 'O motor está falhando.' },
    VEHICLE_SYSTEM_EMISSIONS: {
      name: 'sistema de escapamento',
      problem: 'Os gases do escapamento não são mais tratados como deveriam.',
    },
    VEHICLE_SYSTEM_BRAKES: { name: 'freios', problem: 'Os freios estão desgastados.' },
    VEHICLE_SYSTEM_TYRES: { name: 'pneus', problem: 'Um pneu está perdendo pressão.' },
    VEHICLE_SYSTEM_LUBRICATION: { name: 'lubrificação do motor', problem: 'O motor não recebe o óleo de que precisa.' },
    VEHICLE_SYSTEM_TRANSMISSION: { name: 'transmissão', problem: 'As marchas não estão trocando como deveriam.' },
  },
  haste: {
    URGENCY_CRITICAL:
      'A falha pode ocorrer dentro de um dia. Para sua segurança, só dirija se for indispensável até a revisão.',
    URGENCY_HIGH: 'A falha pode ocorrer dentro de uma semana, por isso não deixe para depois.',
    URGENCY_MEDIUM: 'Convém revisar nas próximas semanas. Até lá, você pode continuar dirigindo.',
    URGENCY_LOW: 'Não há pressa: pode ser quando for melhor para você.',
    URGENCY_UNSPECIFIED: 'Por favor, leve o veículo para revisão.',
  },
  quotesProblem: false,
  proposal: {
    subject: (vehicle, system, urgency) => {
      if (urgency === 'URGENCY_CRITICAL') return `Urgente, para sua segurança: ${system} de ${vehicle}`
      return urgency === 'URGENCY_HIGH'
        ? `Para esta semana: ${system} de ${vehicle}`
        : `Uma visita à oficina para ${vehicle}: ${system}`
    },
    reminderSubject: (subject) => `Lembrete: ${subject}`,
    finding: (vehicle, problem) => `Seu veículo ${vehicle} acusa um problema. ${problem}`,
    offer: (time, centre) => `Reservamos um horário para você: ${time}, em ${centre}.`,
    reminder: 'Ainda não recebemos sua resposta, por isso perguntamos de novo.',
    accept: 'Sim, agendar este horário',
    alternative: (time) => `Prefiro ${time}`,
    otherTime: 'Outro horário',
    decline: 'Não, obrigado',
    digits: 'Responda 1 para agendar, 2 para outro horário, 3 para recusar, SAIR para não receber mais.',
  },
  confirmation: {
    subject: (vehicle, time) => `Agendado: ${vehicle}, ${time}`,
    booked: (vehicle, time, centre) => `Seu veículo ${vehicle} está agendado para ${time}, em ${centre}.`,
    reference: (reference) => `Na oficina, o número é ${reference}.`,
    calendar: 'O compromisso vai anexo para a sua agenda. Para mudar, ligue para a oficina.',
  },
  feedback: {
    subject: (vehicle) => `Como foi com ${vehicle}?`,
    ask: (vehicle) => `Seu veículo ${vehicle} voltou da oficina. O problema foi resolvido? Bastam dois cliques.`,
    button: 'Contar como foi',
  },
  footer: 'Você recebe esta mensagem porque concordou em ser avisado sobre o estado do seu veículo.',
  optOut: 'Não receber mais mensagens',
  page: {
    accept: { title: 'Agendar este horário?', text: 'Vamos agendar a oficina para você:', button: 'Sim, agendar' },
    otherTime: {
      title: 'Outro horário',
      text: 'Diga o que é melhor para você e faremos outra proposta.',
      button: 'Pedir este horário',
    },
    decline: {
      title: 'Sem agendamento?',
      text: 'O horário vai para outra pessoa. O problema continua até o conserto.',
      button: 'Recusar',
    },
    optOut: {
      title: 'Não receber mais mensagens?',
      text: 'Não vamos mais escrever, nem sobre segurança.',
      button: 'Parar as mensagens',
    },
    feedback: {
      title: 'Como foi?',
      text: 'De 1 (ruim) a 5 (bom): como foi a visita, e o problema foi resolvido?',
      button: 'Enviar',
    },
    wantedSlot: (time) => `Você prefere ${time}. Vamos conferir se ainda está livre.`,
    offeredSlot: (time, centre) => `${time}, ${centre}.`,
  },
  done: {
    REPLY_KIND_ACCEPT: { title: 'Obrigado', text: 'Estamos agendando e enviaremos a confirmação.' },
    REPLY_KIND_OTHER_TIME: { title: 'Obrigado', text: 'Vamos procurar um horário melhor e escreveremos de novo.' },
    REPLY_KIND_DECLINE: { title: 'Entendido', text: 'Liberamos o horário que estava reservado para você.' },
    REPLY_KIND_OPT_OUT: { title: 'Pronto', text: 'Você não receberá mais mensagens nossas.' },
    feedback: { title: 'Obrigado', text: 'Sua resposta ajuda a construir veículos melhores.' },
  },
  already: {
    title: 'Já registrado',
    answer: {
      REPLY_KIND_ACCEPT: 'Você já aceitou este horário. Para mudar, ligue para a oficina.',
      REPLY_KIND_OTHER_TIME: 'Você já pediu outro horário. Escreveremos de novo.',
      REPLY_KIND_DECLINE: 'Você já recusou este horário. Se mudou de ideia, ligue para a oficina.',
    },
    optOut: 'Você já não recebe mensagens nossas.',
    feedback: 'Já temos a sua resposta. Obrigado.',
    superseded: { title: 'Há uma proposta mais nova', text: 'Esta não vale mais. Use a nossa mensagem mais recente.' },
  },
}
