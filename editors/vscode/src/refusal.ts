/** Why a command cannot do what it was asked for, in words for the user. */
export class Refusal extends Error {}
