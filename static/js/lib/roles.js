/** Roles: their names, what each may do in one sentence, and which of them I have here. */
import { params } from '/js/lib/address.js';
import { list } from '/js/lib/format.js';
import { lastMe, me } from '/js/lib/me.js';

/** Roles of an organisation: [key, name, what it may do]. Consultants come with their practice. */
export const ROLES = [
  ['owner', 'Owner', 'Does everything a member can, and decides who belongs to the organisation.'],
  ['top_management', 'Top management', 'Agrees the scope, reviews the system and may pass a gate with a reason.'],
  ['sms_manager', 'SMS manager', 'Runs the programme day to day, invites members and opens it to auditors.'],
  ['process_owner', 'Process owner', 'Rates requirements, brings evidence and answers findings for their processes.'],
  ['internal_auditor', 'Internal auditor', 'Audits what is not their own work, raises findings and verifies the answers.'],
  ['viewer', 'Viewer', 'Reads everything and changes nothing.'],
  ['consultant', 'Consultant', 'Supports the programme from a practice, for as long as the practice assigns them.'],
];
/** Roles inside a practice. */
export const PRACTICE_ROLES = [
  ['practice_owner', 'Practice owner', 'Opens clients, assigns consultants to them and invites colleagues.'],
  ['practice_consultant', 'Consultant', 'Opens clients and works on those they are assigned to.'],
];
export const MANAGING = ['owner', 'sms_manager', 'consultant'];
/** Who may bring evidence. */
export const BRING = ['owner', 'top_management', 'sms_manager', 'process_owner', 'internal_auditor', 'consultant'];
/** Who may raise findings inside the organisation. */
export const RAISE = ['owner', 'sms_manager', 'internal_auditor', 'consultant'];

const NAMES = Object.fromEntries([...ROLES, ...PRACTICE_ROLES].map(([key, name]) => [key, name]));
export const roleName = (key) => NAMES[key] ?? key;
/** "SMS manager and internal auditor" */
export const roleNames = (keys) => list(keys.map((key, at) => (at && !/^SMS/.test(roleName(key)) ? roleName(key).toLowerCase() : roleName(key))));

/** My roles in the organisation of this page; empty when I have none. */
export const myRoles = () => me().then((person) => person.organisations.find((o) => o.id === params.o)?.roles ?? []);
/** Whether I only read here, as far as the page before knew. */
export const onlyRead = () => lastMe()?.organisations.find((o) => o.id === params.o)?.roles.every((role) => role === 'viewer') ?? false;
/** Whether any of my roles is among those wanted. */
export const among = (mine, wanted = MANAGING) => mine.some((role) => wanted.includes(role));
