export { readAdkSettings } from './adk/adk-client.ts'
export type { AdkSettings } from './adk/adk-client.ts'
export { createAdkTeam } from './adk/adk-team.ts'
export { createRunEngine } from './run/run-engine.ts'
export type { RunEngine, RunEngineOptions } from './run/run-engine.ts'
export type { RunLogger } from './run/run-logger.ts'
export type { Team, TeamContext } from './run/team.ts'
export { AGENT_ROLES } from './team/desk.ts'
export type { AgentRole } from './team/desk.ts'
export { createResearchTeam } from './team/research-team.ts'
export type { ResearchTeamOptions } from './team/research-team.ts'
export { openStepTimes } from './team/step-times-file.ts'
export type { StepTimes } from './team/step-times.ts'
export type { TeamLibrary } from './team/team-library.ts'
export { readModelSettings } from './provider/model-settings.ts'
export type { ModelSettings } from './provider/model-settings.ts'
export { createResearchModel, openaiCompatibleModel } from './provider/research-model.ts'
export type { ResearchModel, ResearchModelOptions } from './provider/research-model.ts'
export { createFileReader } from './intake/file-reader.ts'
export type { FileReader } from './intake/file-reader.ts'
export { HEAD_BYTES, sniffKind } from './intake/file-kind.ts'
export { createFolderOriginals } from './intake/folder-originals.ts'
export { createIndexer } from './intake/indexer.ts'
export type { Indexer } from './intake/indexer.ts'
export { INTAKE_LIMITS, IntakeFault } from './intake/intake-fault.ts'
export type { OriginalKey, Originals } from './intake/originals.ts'
export { FILE_KINDS } from './library/library-file.ts'
export type { FileFaultCode, FileInput, FileKind, FileStatus, LibraryFile } from './library/library-file.ts'
export type { AgreedFile, FileScope } from './library/file-agreement.ts'
export { findNextDocs } from './library/corpus.ts'
export type {
  AddedDocument,
  Corpus,
  CorpusImport,
  CorpusProgress,
  DocumentInput,
  DocumentSummary,
  LibraryDocument,
  Owner,
  Passage,
  QueryTerm,
  RankedPassage,
  SearchOptions,
  SearchResult,
} from './library/document.ts'
export type { PassageAddress } from './library/library-calls.ts'
export { openLibrary } from './library/open-library.ts'
export type { Library, OpenLibraryOptions } from './library/open-library.ts'
