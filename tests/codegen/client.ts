// A client over the generated types. What must compile stands plain; what must not, below `@ts-expect-error`.
import type { DuesRecord as OfSecretary, PartyMemberOrder } from './generated/branch_secretary/types';
import type { DuesRecord as OfMember, MyMemberCardQuery, MyMemberCardQueryVariables } from './generated/member_self/types';

export const variables: MyMemberCardQueryVariables = { member: 1, since: '2018-01' };

// @ts-expect-error a member number is an Int
export const wrongVariables: MyMemberCardQueryVariables = { member: '1', since: '2018-01' };

export function paidInYuan(card: MyMemberCardQuery): number {
  const fen = card.partyMember?.dues?.nodes.reduce((sum, record) => sum + (record.paid ?? 0), 0) ?? 0;
  return fen / 100;
}

export function born(card: MyMemberCardQuery): string {
  // @ts-expect-error every field may be null
  return card.partyMember.person.birthDate;
}

export const order: PartyMemberOrder[] = [{ joinedOn: 'DESC' }, { memberNo: 'ASC' }];

// @ts-expect-error an order term names one field
export const wrongOrder: PartyMemberOrder = { joinedOn: 'DESC', memberNo: 'ASC' };

export const base: OfMember['baseAmount'] = 350_000;

// @ts-expect-error what a caller may not know of is in none of its types
export type Hidden = OfSecretary['baseAmount'];
