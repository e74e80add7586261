// Printed by `npm run client:generate`. Do not edit.

import { type Document, document } from './document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Who may use a form, workflow, agent or app (D6). */
export type AccessLevel =
  /** Everyone signed in who can act where the row lives; a global row, everyone signed in. */
  | 'AUTHENTICATED'
  /** Nobody: an agent that other agents delegate to, or that runs on a schedule. */
  | 'PRIVATE'
  /** Who holds one of the bound roles there; without any, platform admins alone. */
  | 'ROLE_BASED';

/** How a value is compared. All that is given must hold. */
export type AccessLevelComparison = {
  /** Is exactly this. */
  readonly eq?: AccessLevel | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<AccessLevel> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
};

/** How a value is compared. All that is given must hold. */
export type BooleanComparison = {
  /** Is exactly this. */
  readonly eq?: boolean | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
};

/** One question of many. */
export type CheckInput = {
  /** What is to be done, as permissions name it: `update`; or `use` (D6). */
  readonly action: string;
  /** What else you say of it. */
  readonly attributes?: ResourceAttributes | null | undefined;
  /** Its id. Left out, the question is about any such resource at the scope. */
  readonly resourceId?: string | null | undefined;
  /** Its name, where the gateway does not know it: patterns are compared with it (D10). */
  readonly resourceName?: string | null | undefined;
  /** The type of resource, as permissions name it: `form`; or one that only other services know. */
  readonly resourceType: string;
  /** Where (D4): omitted, where the request acts; null, the global tier; a scope or an organization by id, that place. */
  readonly scope?: string | null | undefined;
  /** Who; omitted, you. */
  readonly subject?: SubjectInput | null | undefined;
};

/** What a config holds. */
export type ConfigType =
  /** True or false. */
  | 'BOOLEAN'
  /** Any JSON value. */
  | 'JSON'
  /** A number. */
  | 'NUMBER'
  /** A value that is stored encrypted and is not shown (D16). */
  | 'SECRET'
  /** Text. */
  | 'STRING';

/** Which rows, by ownership, a role's permissions cover (D7). */
export type DataAccess =
  /** All rows that the permission reaches. */
  | 'ALL_DATA'
  /** Rows that the user created or owns. */
  | 'OWN_DATA'
  /** Those, and the rows of the user's teams and of everyone in them. */
  | 'TEAM_DATA';

/** How a value is compared. All that is given must hold. */
export type DataAccessComparison = {
  /** Is exactly this. */
  readonly eq?: DataAccess | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<DataAccess> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
};

/** How a value is compared. All that is given must hold. */
export type DateComparison = {
  /** Is exactly this. */
  readonly eq?: string | null | undefined;
  /** Is greater than this. */
  readonly gt?: string | null | undefined;
  /** Is at least this. */
  readonly gte?: string | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: string | null | undefined;
  /** Is at most this. */
  readonly lte?: string | null | undefined;
};

/** How far an execution is (D32). */
export type ExecutionStatus =
  /** It was cancelled. */
  | 'CANCELLED'
  /** It is to be cancelled, and its worker has yet to be told. */
  | 'CANCELLING'
  /** Its launcher might not run it any more when a worker was to have it. */
  | 'DENIED'
  /** It ended with an error. */
  | 'FAILED'
  /** It waits for a worker. */
  | 'QUEUED'
  /** A worker has it. */
  | 'RUNNING'
  /** It ended with a result. */
  | 'SUCCEEDED'
  /** It took longer than it may. */
  | 'TIMED_OUT';

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type FormFilter = {
  /** Who may use it (D6); null if it is none that this version knows. Only rows that you manage match. */
  readonly accessLevel?: AccessLevelComparison | null | undefined;
  /** All of these hold. */
  readonly and?: ReadonlyArray<FormFilter> | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** Who made it. Only rows that you manage match. */
  readonly createdBy?: FormFilterCreatedBy | null | undefined;
  /** What it is for. */
  readonly description?: TextComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Whether it can be used; an inactive one is seen by its managers alone. */
  readonly isActive?: BooleanComparison | null | undefined;
  /** Its name, unique at its scope. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: FormFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<FormFilter> | null | undefined;
  /** The organization it belongs to; null for a global row, or one you may not read. */
  readonly organization?: FormFilterOrganization | null | undefined;
  /** Who owns it. Only rows that you manage match. */
  readonly owner?: FormFilterOwner | null | undefined;
  /** The roles whose holders may use it when it is ROLE_BASED. Only rows that you manage match. */
  readonly roles?: FormFilterRoles | null | undefined;
  /** The scope it lives at, if you may read that one. */
  readonly scope?: FormFilterScope | null | undefined;
  /** The team it belongs to. Only rows that you manage match. */
  readonly team?: FormFilterTeam | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
  /** The workflow it launches, if you may read that one. */
  readonly workflow?: FormFilterWorkflow | null | undefined;
};

/** What the related row is asked. */
export type FormFilterCreatedBy = {
  /** There is a related row that the caller may read, and it is so. */
  readonly is?: UserFieldsFilter | null | undefined;
  /** Whether there is none that the caller may read. */
  readonly isNull?: boolean | null | undefined;
};

/** What the related row is asked. */
export type FormFilterOrganization = {
  /** There is a related row that the caller may read, and it is so. */
  readonly is?: OrganizationFieldsFilter | null | undefined;
  /** Whether there is none that the caller may read. */
  readonly isNull?: boolean | null | undefined;
};

/** What the related row is asked. */
export type FormFilterOwner = {
  /** There is a related row that the caller may read, and it is so. */
  readonly is?: UserFieldsFilter | null | undefined;
  /** Whether there is none that the caller may read. */
  readonly isNull?: boolean | null | undefined;
};

/** What the related rows are asked. */
export type FormFilterRoles = {
  /** Every related row that the caller may read is so. */
  readonly every?: RoleFieldsFilter | null | undefined;
  /** No related row that the caller may read is so. */
  readonly none?: RoleFieldsFilter | null | undefined;
  /** Some related row that the caller may read is so. */
  readonly some?: RoleFieldsFilter | null | undefined;
};

/** What the related row is asked. */
export type FormFilterScope = {
  /** There is a related row that the caller may read, and it is so. */
  readonly is?: ScopeFieldsFilter | null | undefined;
  /** Whether there is none that the caller may read. */
  readonly isNull?: boolean | null | undefined;
};

/** What the related row is asked. */
export type FormFilterTeam = {
  /** There is a related row that the caller may read, and it is so. */
  readonly is?: TeamFieldsFilter | null | undefined;
  /** Whether there is none that the caller may read. */
  readonly isNull?: boolean | null | undefined;
};

/** What the related row is asked. */
export type FormFilterWorkflow = {
  /** There is a related row that the caller may read, and it is so. */
  readonly is?: WorkflowFieldsFilter | null | undefined;
  /** Whether there is none that the caller may read. */
  readonly isNull?: boolean | null | undefined;
};

/** A key of an order; later keys decide among equals of the earlier ones. */
export type FormOrder = {
  /** Which end first. */
  readonly direction?: SortDirection | null | undefined;
  /** What to sort by. */
  readonly field: FormOrderField;
};

/** What Form lists can be sorted by. */
export type FormOrderField =
  /** By when it was made. */
  | 'CREATED_AT'
  /** By id. */
  | 'ID'
  /** By name, by the bytes of the text. */
  | 'NAME'
  /** By when it was changed last. */
  | 'UPDATED_AT';

/** How a value is compared. All that is given must hold. */
export type IdComparison = {
  /** Is exactly this. */
  readonly eq?: string | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
};

/** How a value is compared. All that is given must hold. */
export type JsonComparison = {
  /** Is exactly this. */
  readonly eq?: unknown;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<unknown> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
  /** Where in it: a key of the object, a key of what is there, and so on. What is compared there is text, a number, true or false. */
  readonly path: ReadonlyArray<string>;
};

/** How a value is compared. All that is given must hold. */
export type NumberComparison = {
  /** Is exactly this. */
  readonly eq?: number | null | undefined;
  /** Is greater than this. */
  readonly gt?: number | null | undefined;
  /** Is at least this. */
  readonly gte?: number | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<number> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: number | null | undefined;
  /** Is at most this. */
  readonly lte?: number | null | undefined;
};

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type OrganizationFieldsFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<OrganizationFieldsFilter> | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** Its domain. */
  readonly domain?: TextComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Whether its people may act. */
  readonly isActive?: BooleanComparison | null | undefined;
  /** Whether its members may act in other organizations (D4). */
  readonly isProvider?: BooleanComparison | null | undefined;
  /** Its name. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: OrganizationFieldsFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<OrganizationFieldsFilter> | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
};

/** What you say of a resource that the gateway does not know: of one of another service, or of one that is not there yet. Null says that there is none. */
export type ResourceAttributes = {
  /** The user who made it. */
  readonly createdById?: string | null | undefined;
  /** The user who owns it. */
  readonly ownerId?: string | null | undefined;
  /** The team that it belongs to. */
  readonly teamId?: string | null | undefined;
};

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type RoleFieldsFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<RoleFieldsFilter> | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** Which rows its permissions cover; null if it is nothing that this version knows. */
  readonly dataAccess?: DataAccessComparison | null | undefined;
  /** What it is for. */
  readonly description?: TextComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Whether it is built in. */
  readonly isSystem?: BooleanComparison | null | undefined;
  /** Its name, unique where it is defined. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: RoleFieldsFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<RoleFieldsFilter> | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
};

/** Runs a workflow that is yours to use (D33). */
export type RunWorkflowInput = {
  /** Its parameters, as the schema of the workflow describes them; at most 256 KiB. */
  readonly input?: unknown;
  /** Before then no worker has it; omitted, at once. */
  readonly notBefore?: string | null | undefined;
  /** Where to (D4): omitted, where the request acts; null, the global tier; a scope or an organization by id. */
  readonly scope?: string | null | undefined;
  /** For how many seconds its end is waited for, at most 30; it is answered as it is then, ended or not. Omitted or 0: not at all. */
  readonly wait?: number | null | undefined;
  /** The workflow. */
  readonly workflow: string;
};

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type ScopeFieldsFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<ScopeFieldsFilter> | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** Its id in another system, unique in its organization. */
  readonly externalId?: TextComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Whatever else is known of it, an object. */
  readonly meta?: JsonComparison | null | undefined;
  /** Its name. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: ScopeFieldsFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<ScopeFieldsFilter> | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
};

/** Sets a config by its key (D5): the nearest one, as reading it would find it; with a scope, that scope's own, which is made if there is none. */
export type SetConfigInput = {
  /** What it is for. */
  readonly description?: string | null | undefined;
  /** Whether it is in force. */
  readonly isActive?: boolean | null | undefined;
  /** Whether it cannot be overridden below. */
  readonly isFinal?: boolean | null | undefined;
  /** Its key, unique at its scope. */
  readonly key: string;
  /** Where to (D4): omitted, where the request acts; null, the global tier; a scope or an organization by id. */
  readonly scope?: string | null | undefined;
  /** What it holds; null if it is nothing that this version knows. */
  readonly type: ConfigType;
  /** What it is set to, of its type; of a secret any JSON, which is encrypted and told as null (D16). */
  readonly value?: unknown;
};

/** Which end of an order comes first. */
export type SortDirection =
  /** Smallest first; missing values last. */
  | 'ASC'
  /** Greatest first; missing values first. */
  | 'DESC';

/** Of whom something is asked: a user or a team that you may read, in an organization where you hold `permission:inspect`. One of them is named. */
export type SubjectInput = {
  /** The id of the team: what it permits by itself, to whoever acts as the team with nobody behind it (D42). */
  readonly teamId?: string | null | undefined;
  /** The id of the user. */
  readonly userId?: string | null | undefined;
};

/** Submits a form: launches its workflow with what is filled in (D33). Both must be yours to use. */
export type SubmitFormInput = {
  /** The form. */
  readonly form: string;
  /** Where to (D4): omitted, where the request acts; null, the global tier; a scope or an organization by id. */
  readonly scope?: string | null | undefined;
  /** What is filled in, by the names of the fields; others are refused. */
  readonly values: unknown;
  /** For how many seconds its end is waited for, at most 30; it is answered as it is then, ended or not. Omitted or 0: not at all. */
  readonly wait?: number | null | undefined;
};

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type TeamFieldsFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<TeamFieldsFilter> | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Its name. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: TeamFieldsFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<TeamFieldsFilter> | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
};

/** How a value is compared. All that is given must hold. */
export type TextComparison = {
  /** Contains this text; ASCII letters in either case, every other character as it is. */
  readonly contains?: string | null | undefined;
  /** Is exactly this. */
  readonly eq?: string | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
};

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type UserFieldsFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<UserFieldsFilter> | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** Their email, in lower case. */
  readonly email?: TextComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Whether they may act. */
  readonly isActive?: BooleanComparison | null | undefined;
  /** Whether they administer the platform (D12). */
  readonly isPlatformAdmin?: BooleanComparison | null | undefined;
  /** Their name. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: UserFieldsFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<UserFieldsFilter> | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
};

/** All that is given must hold. Rows that the caller may not read do not exist for it. */
export type WorkflowFieldsFilter = {
  /** Who may use it (D6); null if it is none that this version knows. Only rows that you manage match. */
  readonly accessLevel?: AccessLevelComparison | null | undefined;
  /** All of these hold. */
  readonly and?: ReadonlyArray<WorkflowFieldsFilter> | null | undefined;
  /** How long what a data provider answered may be answered again (D27): 0, not at all, to 300 seconds. Only rows that you manage match. */
  readonly cacheSeconds?: NumberComparison | null | undefined;
  /** When it was made. */
  readonly createdAt?: DateComparison | null | undefined;
  /** What it is for. */
  readonly description?: TextComparison | null | undefined;
  /** What it calls. Only rows that you manage match. */
  readonly endpoint?: TextComparison | null | undefined;
  /** A UUID, unique among all resources. */
  readonly id?: IdComparison | null | undefined;
  /** Whether it can be used; an inactive one is seen by its managers alone. */
  readonly isActive?: BooleanComparison | null | undefined;
  /** What it is for (D27); it stays so. */
  readonly kind?: WorkflowKindComparison | null | undefined;
  /** How often it may be tried: 1 to 20; more than once only what does no harm when it is done twice. Only rows that you manage match. */
  readonly maxAttempts?: NumberComparison | null | undefined;
  /** Its name, unique at its scope. */
  readonly name?: TextComparison | null | undefined;
  /** This does not hold. */
  readonly not?: WorkflowFieldsFilter | null | undefined;
  /** Any of these holds; an empty list matches nothing. */
  readonly or?: ReadonlyArray<WorkflowFieldsFilter> | null | undefined;
  /** Where workers find its executions. Only rows that you manage match. */
  readonly queue?: TextComparison | null | undefined;
  /** How long an execution of it may take: 1 to 86400 seconds. Only rows that you manage match. */
  readonly timeoutSeconds?: NumberComparison | null | undefined;
  /** When it was changed last. */
  readonly updatedAt?: DateComparison | null | undefined;
};

/** What a workflow is for (D27). */
export type WorkflowKind =
  /** It answers what the options of a form’s field are. */
  | 'DATA_PROVIDER'
  /** It is run, launched by forms, called by agents. */
  | 'WORKFLOW';

/** How a value is compared. All that is given must hold. */
export type WorkflowKindComparison = {
  /** Is exactly this. */
  readonly eq?: WorkflowKind | null | undefined;
  /** Is one of these; an empty list matches nothing. */
  readonly in?: ReadonlyArray<WorkflowKind> | null | undefined;
  /** Whether it is missing. */
  readonly isNull?: boolean | null | undefined;
};

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly viewer: { readonly isPlatformAdmin: boolean, readonly user: { readonly id: string, readonly name: string, readonly email: string } | null, readonly organization: { readonly id: string, readonly name: string } | null } | null };

export type RolesAtQueryVariables = Exact<{
  scope?: string | null | undefined;
}>;


export type RolesAtQuery = { readonly viewer: { readonly roles: ReadonlyArray<string> } | null };

export type CheckManyQueryVariables = Exact<{
  checks: ReadonlyArray<CheckInput> | CheckInput;
}>;


export type CheckManyQuery = { readonly checkMany: ReadonlyArray<{ readonly allowed: boolean }> | null };

export type ConfigByKeyQueryVariables = Exact<{
  key: string;
  scope?: string | null | undefined;
}>;


export type ConfigByKeyQuery = { readonly configByKey: { readonly value: unknown, readonly isSecret: boolean } | null };

export type SetConfigMutationVariables = Exact<{
  input: SetConfigInput;
}>;


export type SetConfigMutation = { readonly setConfig: { readonly config: { readonly id: string, readonly key: string, readonly version: number, readonly scope: { readonly id: string, readonly name: string | null } | null } | null } | null };

export type FormsQueryVariables = Exact<{
  scope?: string | null | undefined;
  where?: FormFilter | null | undefined;
  orderBy?: ReadonlyArray<FormOrder> | FormOrder | null | undefined;
  usable?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FormsQuery = { readonly forms: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly description: string | null, readonly fields: unknown, readonly isActive: boolean, readonly canUse: boolean, readonly canManage: boolean, readonly version: number, readonly updatedAt: string, readonly scope: { readonly id: string, readonly name: string | null } | null, readonly workflow: { readonly id: string, readonly name: string } | null } }> } | null };

export type RunFragment = { readonly id: string, readonly status: ExecutionStatus | null, readonly targetName: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: unknown, readonly result: unknown, readonly error: { readonly code: string, readonly message: string | null } | null };

export type SubmitFormMutationVariables = Exact<{
  input: SubmitFormInput;
}>;


export type SubmitFormMutation = { readonly submitForm: { readonly execution: { readonly id: string, readonly status: ExecutionStatus | null, readonly targetName: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: unknown, readonly result: unknown, readonly error: { readonly code: string, readonly message: string | null } | null } | null } | null };

export type RunWorkflowMutationVariables = Exact<{
  input: RunWorkflowInput;
}>;


export type RunWorkflowMutation = { readonly runWorkflow: { readonly execution: { readonly id: string, readonly status: ExecutionStatus | null, readonly targetName: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: unknown, readonly result: unknown, readonly error: { readonly code: string, readonly message: string | null } | null } | null } | null };

export type ExecutionByIdQueryVariables = Exact<{
  id: string;
}>;


export type ExecutionByIdQuery = { readonly execution: { readonly id: string, readonly status: ExecutionStatus | null, readonly targetName: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: unknown, readonly result: unknown, readonly error: { readonly code: string, readonly message: string | null } | null } | null };

export const Me: Document<MeQuery, MeQueryVariables> = document("query Me{viewer{user{id name email}organization{id name}isPlatformAdmin}}");
export const RolesAt: Document<RolesAtQuery, RolesAtQueryVariables> = document("query RolesAt($scope:ID){viewer{roles(scope:$scope)}}");
export const CheckMany: Document<CheckManyQuery, CheckManyQueryVariables> = document("query CheckMany($checks:[CheckInput!]!){checkMany(checks:$checks){allowed}}");
export const ConfigByKey: Document<ConfigByKeyQuery, ConfigByKeyQueryVariables> = document("query ConfigByKey($key:String!$scope:ID){configByKey(key:$key scope:$scope){value isSecret}}");
export const SetConfig: Document<SetConfigMutation, SetConfigMutationVariables> = document("mutation SetConfig($input:SetConfigInput!){setConfig(input:$input){config{id key version scope{id name}}}}");
export const Forms: Document<FormsQuery, FormsQueryVariables> = document("query Forms($scope:ID$where:FormFilter$orderBy:[FormOrder!]$usable:Boolean$first:Int$after:String){forms(scope:$scope where:$where orderBy:$orderBy usable:$usable first:$first after:$after){pageInfo{hasNextPage endCursor}edges{node{id name description fields isActive canUse canManage version updatedAt scope{id name}workflow{id name}}}}}");
export const SubmitForm: Document<SubmitFormMutation, SubmitFormMutationVariables> = document("mutation SubmitForm($input:SubmitFormInput!){submitForm(input:$input){execution{...Run}}}fragment Run on Execution{id status targetName createdAt startedAt finishedAt progress result error{code message}}");
export const RunWorkflow: Document<RunWorkflowMutation, RunWorkflowMutationVariables> = document("mutation RunWorkflow($input:RunWorkflowInput!){runWorkflow(input:$input){execution{...Run}}}fragment Run on Execution{id status targetName createdAt startedAt finishedAt progress result error{code message}}");
export const ExecutionById: Document<ExecutionByIdQuery, ExecutionByIdQueryVariables> = document("query ExecutionById($id:ID!){execution(id:$id){...Run}}fragment Run on Execution{id status targetName createdAt startedAt finishedAt progress result error{code message}}");
