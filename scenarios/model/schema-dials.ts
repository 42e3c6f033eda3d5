/** Schema of the five dials that every scenario has. */
import { number, object } from './fields.js';

/** Most traders a run can hold. */
export const TRADERS_MAX = 2_000_000;

/** The dials: each leaves the scenario as it is by default. */
export const dialsSchema = object('Universal knobs; by default each leaves the scenario as it is', {
  crowding: number({
    doc: 'Dependence between the choices of a cohort: 0 none, 1 complete; marginals stay',
    unit: 'fraction',
    min: 0,
    max: 1,
  }).default(0),
  leverage: number({
    doc: 'Multiplies target leverage and leverage caps at fixed equity',
    unit: 'multiple',
    min: 0,
    max: 100,
    above: true,
  }).default(1),
  depth: number({
    doc: "Multiplies makers' sizes and, above 1, their capital with them",
    unit: 'multiple',
    min: 0,
    max: 100,
    above: true,
  }).default(1),
  shock: number({
    doc: 'Multiplies log returns of the index and sizes of exogenous orders',
    unit: 'multiple',
    min: 0,
    max: 20,
  }).default(1),
  traders: number({
    doc: 'Multiplies the number of traders at fixed total equity and notional',
    unit: 'multiple',
    min: 0,
    max: 1000,
    above: true,
  }).default(1),
}).prefault({});
