/** A column, its name quoted. */
interface RelationColumn {
  readonly name: string
  readonly isGenerated: boolean
  /** `GENERATED ALWAYS AS IDENTITY`: cannot be updated. */
  readonly isAlwaysIdentity: boolean
}

/** A trigger of the user's that fires at least for ordinary sessions. */
export interface RelationTrigger {
  readonly name: string
  /** `O`, `R` or `A`, see pg_trigger. */
  readonly enabled: string
  readonly isForRows: boolean
  readonly isOnDelete: boolean
  /** Only a superuser can switch it off. */
  readonly isInternal: boolean
}

/** A table with rows of its own (a leaf, if partitioned) or a materialised view. */
export interface Relation {
  readonly id: number
  readonly oid: number
  /** Quoted, with its schema. */
  readonly name: string
  /** Unquoted, for people. */
  readonly label: string
  readonly isView: boolean
  readonly isPopulated: boolean
  readonly isPartition: boolean
  readonly hasChildren: boolean
  readonly isForcingPolicies: boolean
  /** Why it cannot be cleaned by this role. */
  readonly obstacle: string | null
  readonly columns: readonly RelationColumn[]
  /** Columns of its primary key, or of another unique key without nulls; quoted. Empty if there is none. */
  readonly key: readonly string[]
  readonly triggers: readonly RelationTrigger[]
  /** Rewrite rules that are on, with how they are enabled. */
  readonly rules: readonly { readonly name: string; readonly enabled: string }[]
}

/** That rows of one table refer to those of another. */
export interface ForeignKey {
  readonly from: number
  readonly to: number
  /** Whether what happens there changes rows here: CASCADE, SET NULL, SET DEFAULT. */
  readonly isActing: boolean
}

/** How a sequence was left. */
export interface SequenceState {
  readonly oid: number
  readonly name: string
  readonly label: string
  readonly last: string
  readonly isCalled: boolean
}
