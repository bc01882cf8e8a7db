/** Every bound in one place, so that a refusal can name the limit it met. Sizes in bytes, times in ms. */
export const limits = {
  /** One firmware file that is not a container of several. */
  fileBytes: 64 * 1024 * 1024,
  /** A container (DfuSe, and archives when they come). */
  containerBytes: 256 * 1024 * 1024,
  /** Lowest to highest address of one image; gaps are never allocated. */
  imageSpanBytes: 256 * 1024 * 1024,
  /** Elements of a DfuSe container (dfu.md 3.2). */
  elements: 10_000,
  /** Files in an archive. */
  archiveEntries: 4_096,
  /** All that is unpacked from an archive and the archives in it. */
  archiveUnpackedBytes: 256 * 1024 * 1024,
  /** Unpacked to packed. Held against what is larger than `archiveRatioFromBytes`: blank flash packs better than that. */
  archiveRatio: 200,
  archiveRatioFromBytes: 4 * 1024 * 1024,
  /** Archives in archives; 1 is one that holds firmware. */
  archiveDepth: 2,
  /** Larger files are read in a worker: the event loop has boards and a window to serve. */
  readInPlaceBytes: 1024 * 1024,
  /** One answer of a board's shell, and what is read of a loader's memories to know the board. */
  shellAnswerBytes: 128 * 1024,
  loaderReadBytes: 1024,
  /** What is read of a board's flash to find which version it holds, and how much at a time. */
  versionReadBytes: 256 * 1024,
  versionReadPieceBytes: 16 * 1024,
  /** Boards whose program's words are remembered while they are in flash mode. */
  rememberedPrograms: 64,
  /** Text from a device or a file, in bytes. */
  textBytes: 255,
  /** Sectors one memory map may describe: more is nonsense or an attack. */
  mapSectors: 65_536,
  /** One control transfer's data stage: usbfs and WinUSB take no more (dfu.md 1.2). */
  controlBytes: 4096,
  /** What one read of a serial port brings at most. */
  serialReadBytes: 4096,
  /** Most bytes read from a board whose size nobody knows (dfu.md 1.10: some uploads never end). */
  uploadBytes: 64 * 1024 * 1024,
  /** A piece of a file over the wire. */
  chunkBytes: 256 * 1024,
  /** Files a page holds open at a time, and all of them together. */
  openImages: 8,
  openImagesBytes: 512 * 1024 * 1024,
  /** Bytes of an image shown at a time. */
  viewBytes: 64 * 1024,
  /** Ranges listed of each kind in which two images differ. */
  differences: 10_000,
  /** Places named in which a board differs from a backup. */
  comparedPlaces: 100,
  /** An open file nobody uses is let go after this. */
  openImageIdleMs: 10 * 60 * 1000,
  /** One frame from a page. */
  frameBytes: 1024 * 1024,
  /** Calls of one page under way at a time. */
  callsInFlight: 64,
  /** Bytes sent to a page and not taken yet, before the next must wait. */
  unreadBytes: 1024 * 1024,
  /** A page that takes nothing for this long while something waits for it is let go. */
  unreadMs: 5_000,
  /** Snapshots of one watch are at least this far apart, unless a state changed. */
  snapshotEveryMs: 100,
  /** Connections of one session to the server shell. */
  connections: 4,
  /** Jobs running at a time, and unless told otherwise; those that wait for their turn; ended ones kept to be read. */
  runningJobs: 32,
  usualRunningJobs: 16,
  queuedJobs: 200,
  endedJobs: 100,
  /** Boards of one batch, those of them that are told one by one, and batches that are kept. */
  batchBoards: 10_000,
  batchUnits: 200,
  batches: 8,
  /** Batches of programs that ended, as they are told. */
  openBatches: 20,
  /** Rows of one piece of a batch's table. */
  batchTableRows: 1_000,
  /** How long a job that is done again waits for its board to be plugged in. */
  againWaitMs: 60_000,
  /** What is written beside a backup. */
  backupRecordBytes: 256 * 1024,
  /** Backups that are listed. */
  backups: 10_000,
  /** One file that describes a board, how many of them a person may have, and how many entries of their folder are looked at. */
  profileBytes: 256 * 1024,
  profileFiles: 200,
  profileFolderEntries: 10_000,
  /** Jobs that wait for a board to come in flash mode, how long they do unless told otherwise, and their tries. */
  armedJobs: 16,
  armedWaitMs: 30 * 60_000,
  longestWaitMs: 24 * 60 * 60_000,
  armedTries: 50,
  /** Boards whose delays are kept, and the longest delay that is taken for one. */
  learnedDelays: 200,
  learnedDelayMs: 60_000,
  /** A udev rule file that is looked at. */
  ruleBytes: 64 * 1024,
  /** Rules of others: one file, all of them, and how many there may be. */
  foreignRuleBytes: 2 * 1024 * 1024,
  allRulesBytes: 16 * 1024 * 1024,
  ruleFiles: 2_000,
  /** What is kept of each output of a helper program, in UTF-16 units. */
  childOutputChars: 16 * 1024,
  /** A log line. */
  logLineBytes: 8 * 1024,
  /** Lines kept in memory for pages, and UTF-16 units of their messages together. */
  logLines: 10_000,
  logChars: 4 * 1024 * 1024,
  /** Lines of one page. */
  logPageLines: 500,
  /** The program's log file, and how many of them there are, older ones included. */
  logFileBytes: 2 * 1024 * 1024,
  logFiles: 5,
  /** One job's own log, and how many of them are kept. */
  jobLogBytes: 2 * 1024 * 1024,
  jobLogFiles: 200,
  /** Jobs of the history told at a time, and written to one file. */
  historyJobs: 100_000,
  historyUnits: 10_000,
  /** Jobs of one page of the history. */
  historyPageJobs: 50,
  /** One image of an open job as it is kept, and all of them together. */
  heldImageBytes: 272 * 1024 * 1024,
  heldImagesBytes: 1024 * 1024 * 1024,
  /** How long another process may keep the history locked; waited for once, not with every entry. */
  storeBusyMs: 2_000,
  /** What one job could not tell the history, in its file. */
  besideBytes: 16 * 1024 * 1024,
  /** How long the disk may take over one commit. */
  storeAnswerMs: 10_000,
  /** An index of firmware and its entries; what GitHub says of releases; what an older look is kept in. */
  firmwareIndexBytes: 1024 * 1024,
  firmwareIndexEntries: 2_000,
  releasesBytes: 8 * 1024 * 1024,
  keptLookBytes: 8 * 1024 * 1024,
  /** Offers of one source, and UTF-16 units of the notes of each. */
  firmwareOffers: 500,
  firmwareNotesChars: 8_192,
  /** How long looking at one source may take, fetching one file, and a server that says nothing. */
  lookMs: 30_000,
  fetchMs: 15 * 60_000,
  serverSilentMs: 30_000,
  /** The same for everything one board has: asking it and all its sources, and fetching what is chosen. */
  boardLookMs: 5 * 60_000,
  offerFetchMs: 30 * 60_000,
  /** From one address on the web to the next. */
  webRedirects: 5,
  /** Firmware that was fetched and is kept. */
  keptFirmwareFiles: 200,
  keptFirmwareBytes: 1024 * 1024 * 1024,
  /** Entries of a folder with firmware that are looked at. */
  firmwareFolderEntries: 2_000,
  /** Folders looked into at a time, as each takes a thread; folders that are watched; how long reading one file from one may take, and being there. */
  foldersAtOnce: 4,
  watchedFolders: 50,
  folderFileMs: 2 * 60_000,
  folderThereMs: 5_000,
  /** Sources a person has added, for all boards. */
  ownSources: 100,
  ownSourcesBytes: 256 * 1024,
  /** Between two looks nobody asked for, where the person wants them. */
  dailyLookMs: 24 * 60 * 60_000,
  /** A package of Rekindle itself, the list that names it, and what an older look at that list is kept in. */
  releaseFileBytes: 512 * 1024 * 1024,
  releaseListBytes: 64 * 1024,
  keptReleaseBytes: 256 * 1024,
  /** How long fetching such a package may take. */
  releaseFetchMs: 60 * 60_000,
  /** A recorded trace. */
  traceBytes: 256 * 1024 * 1024,
} as const;
