import { addParameters } from '../../../transforms/contract/parameter.ts'
import { procedure } from '../../../transforms/parameters/procedure.ts'

/** The score is computed in the same way in all four years; the state publishes no distribution of its own to compare with. */
export const ncProcedure = addParameters(procedure, [
  {
    procedure: 'nc_spg',
    name: 'Оценка результативности школы SPG',
    has_marks: false,
    is_equated: true,
    reference_level: null,
    sort: 1,
    scope: 'all',
    valid_from: null,
    valid_to: null,
    source: 'North Carolina G.S. 115C-83.15',
    tag: 'W1',
  },
])
