//! One method for each request and notification. Those that compute do so on a thread of their own.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use domain::language::{self, WithDeclaration, positions::Lines};
use tower_lsp_server::{
    Client, LanguageServer,
    jsonrpc::{Error, Result},
    ls_types::*,
};

use super::{
    actions, answers,
    capabilities::capabilities,
    diagnostics::{self, PAUSE},
    documents::{Document, Documents, Read},
    options::Options,
    parent::Parent,
    ranges,
    workspace::{SETTINGS_FILE, VALUES_FILE, Workspace},
};

pub struct Server {
    shared: Arc<Shared>,
    parent: Parent,
}

/// What handlers and the tasks that check documents have in common.
pub struct Shared {
    pub client: Client,
    pub documents: Documents,
    pub workspace: Workspace,
    options: RwLock<Arc<Options>>,
    /// Held while diagnostics are published, so that they arrive in the order of the decisions.
    pub publishing: tokio::sync::Mutex<()>,
    /// What was last said about the settings.
    problem: Mutex<Option<String>>,
}

impl Shared {
    pub fn options(&self) -> Arc<Options> {
        self.options.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The problem, if it was not the last one that was said.
    pub fn new_problem(&self, problem: Option<String>) -> Option<String> {
        let mut last = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *last != problem;
        last.clone_from(&problem);
        problem.filter(|_| is_new)
    }
}

impl Server {
    pub fn new(client: Client) -> Self {
        let shared = Shared {
            client,
            documents: Documents::default(),
            workspace: Workspace::default(),
            options: RwLock::default(),
            publishing: tokio::sync::Mutex::new(()),
            problem: Mutex::default(),
        };
        Self { shared: Arc::new(shared), parent: Parent::default() }
    }

    pub fn parent(&self) -> Parent {
        self.parent.clone()
    }

    /// Asks an open document. `None` if it is not open, or too large to be read.
    async fn ask<T: Send + 'static>(
        &self,
        uri: &Uri,
        question: impl FnOnce(&Document, &Read, &Options) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let document = self.shared.documents.get(uri).filter(|document| !document.is_too_large());
        let Some(document) = document else { return Ok(None) };
        let shared = self.shared.clone();
        let asking = move || question(&document, document.read(&shared.workspace), &shared.options());
        tokio::task::spawn_blocking(asking).await.map(Some).map_err(|_| Error::internal_error())
    }

    /// Asks about a position, given as an offset.
    async fn ask_at<T: Send + 'static>(
        &self,
        at: TextDocumentPositionParams,
        question: impl FnOnce(&Read, usize, &Lines<'_>, &Options) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let asking = move |document: &Document, read: &Read, options: &Options| {
            let lines = Lines::of(&document.text);
            question(read, ranges::offset(&lines, at.position), &lines, options)
        };
        self.ask(&at.text_document.uri, asking).await
    }

    fn check(&self, document: Option<Arc<Document>>, pause: Duration) {
        if let Some(document) = document {
            diagnostics::schedule(&self.shared, document, pause);
        }
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        if let Some(id) = params.process_id {
            self.parent.is(id);
        }
        *self.shared.options.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Options::of(&params));
        let folders = params.workspace_folders.unwrap_or_default();
        self.shared.workspace.add(folders.iter().map(|folder| &folder.uri));
        #[expect(deprecated, reason = "clients without workspace folders name one folder here")]
        if folders.is_empty() {
            self.shared.workspace.add(params.root_uri.iter());
        }
        Ok(InitializeResult {
            capabilities: capabilities(),
            server_info: Some(ServerInfo {
                name: "stacker".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if !self.shared.options().watches_files {
            return;
        }
        let watchers = [SETTINGS_FILE, VALUES_FILE].map(|name| FileSystemWatcher {
            glob_pattern: GlobPattern::String(format!("**/{name}")),
            kind: None,
        });
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.into() };
        let registration = Registration {
            id: "files-beside".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let client = self.shared.client.clone();
        // The answer can arrive only after this method has ended.
        tokio::spawn(async move {
            if let Err(error) = client.register_capability(vec![registration]).await {
                tracing::warn!(%error, "the client does not watch files");
            }
        });
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let opened = params.text_document;
        let document =
            self.shared.documents.open(opened.uri, &opened.language_id, opened.version, opened.text);
        self.check(document, Duration::ZERO);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let changed = params.text_document;
        let document = self.shared.documents.change(&changed.uri, changed.version, params.content_changes);
        self.check(document, PAUSE);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        if self.shared.documents.close(&params.text_document.uri) {
            diagnostics::clear(&self.shared, params.text_document.uri).await;
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        for document in self.shared.documents.read_again() {
            self.check(Some(document), PAUSE);
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.shared.workspace.remove(params.event.removed.iter().map(|folder| &folder.uri));
        self.shared.workspace.add(params.event.added.iter().map(|folder| &folder.uri));
        for document in self.shared.documents.read_again() {
            self.check(Some(document), PAUSE);
        }
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {
        // There are no settings but those of `.stacker.yaml`.
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        // The text is known already.
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let (shared, uri) = (self.shared.clone(), params.text_document_position.text_document.uri.clone());
        let items = self.ask_at(params.text_document_position, move |read, offset, lines, _| {
            if let Some(typed) = language::typed_file(read.stack.text(), offset) {
                let names = shared.workspace.compose_files(&uri, &typed.folder).into_iter();
                return names.map(|name| answers::file_item(name, typed.place, lines)).collect();
            }
            let found = language::completion(&read.stack, offset).into_iter();
            found.map(|one| answers::completion_item(one, lines)).collect()
        });
        Ok(items.await?.map(CompletionResponse::Array))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let found = self.ask_at(params.text_document_position_params, |read, offset, lines, options| {
            let found = language::hover(&read.stack, offset)?;
            Some(answers::hover(found, lines, options.hover_format))
        });
        Ok(found.await?.flatten())
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let uri = params.text_document_position_params.text_document.uri.clone();
        let found = self.ask_at(params.text_document_position_params, |read, offset, lines, _| {
            Some(ranges::range(lines, language::definition(&read.stack, offset)?))
        });
        let range = found.await?.flatten();
        Ok(range.map(|range| GotoDefinitionResponse::Scalar(Location { uri, range })))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let with = match params.context.include_declaration {
            true => WithDeclaration::Yes,
            false => WithDeclaration::No,
        };
        let uri = params.text_document_position.text_document.uri.clone();
        let found = self.ask_at(params.text_document_position, move |read, offset, lines, _| {
            let places = language::references(&read.stack, offset, with).into_iter();
            let location = |place| Location { uri: uri.clone(), range: ranges::range(lines, place) };
            places.map(location).collect()
        });
        found.await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let symbols = self.ask(&params.text_document.uri, |document, read, _| {
            let lines = Lines::of(&document.text);
            language::outline(&read.stack).into_iter().map(|one| answers::symbol(one, &lines)).collect()
        });
        Ok(symbols.await?.map(DocumentSymbolResponse::Nested))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let folds = self.ask(&params.text_document.uri, |_, read, _| {
            language::folds(&read.stack).iter().map(answers::fold).collect()
        });
        folds.await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let is_fix = |kind: &CodeActionKind| kind.as_str().is_empty() || *kind == CodeActionKind::QUICKFIX;
        if params.context.only.is_some_and(|only| !only.iter().any(is_fix)) {
            return Ok(None);
        }
        let fixes = self.ask(&params.text_document.uri, move |document, read, options| {
            let place = ranges::place(&Lines::of(&document.text), params.range);
            actions::fixes(document, read, place, options)
        });
        fixes.await
    }

    async fn prepare_rename(&self, at: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let found = self.ask_at(at, |read, offset, lines, _| {
            let (service, place) = language::service_at(&read.stack, offset)?;
            let range = ranges::range(lines, place);
            Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: service.to_owned() })
        });
        Ok(found.await?.flatten())
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        let renamed = self.ask(&at.text_document.uri, move |document, read, options| {
            let offset = ranges::offset(&Lines::of(&document.text), at.position);
            actions::rename(document, &read.stack, offset, &params.new_name, options)
        });
        renamed.await?.transpose()
    }
}
