export {
  InverseContract,
  LinearContract,
  makeContract,
  priceNoWorse,
  shareFloor,
} from './contract.js';
export type { Contract, ContractSpec } from './contract.js';
export { Ledger, POSITION } from './ledger.js';
