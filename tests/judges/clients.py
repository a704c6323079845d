#!/usr/bin/env python3
"""Speaks with the server as eight recorded editors do, and checks every answer against what that editor announced.

    tests/judges/clients.py [--require] [IBID]

The package `pytest-lsp` brings the recorded announcements of Visual Studio Code, Neovim and Emacs, the types of the
protocol, into which every message has to fit, and some checks of its own. What is checked here beside: that no
capability is used which the editor does not know (edits that create files, annotations, links, tags, requests of the
server, formats of cards). Every request the server says it serves is sent, or the run fails. Without the package nothing
is checked, which is said; with --require it is an error.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ["visual-studio-code@v1.65.2", "emacs@v29.1"] + [
    f"neovim@v{version}" for version in ("0.6.1", "0.7.0", "0.8.0", "0.9.1", "0.10.0", "0.11.0")
]
BIB = """@article{orca, title = {Orca: Progressive Learning from Complex Explanation Traces}, author = {Mukherjee, Subhabrata},
  year = {2023}, eprint = {2306.02707}, eprinttype = {arxiv}, abstract = {Recent research has focused on imitation.}}
@misc{lora, title = {LoRA: Low-Rank Adaptation of Large Language Models}, author = {Hu, Edward}, year = {2021},
  url = {https://arxiv.org/abs/2106.09685}}
@article{gone, title = {RETRACTED: Growth of Things}, author = {Doe, Jane}, year = {2019}, doi = {10.1000/gone}}
"""
NOTE = """# Note

Says [[Orca]], [[Lroa]] and [@lora, p. 3], see 😀 [[Orca: Progressive Learning from Complex Explanation Traces]].

## Second

A missing one [@garcia2017], a retracted one [@gone], a plain [[orca

[[o
[@o
"""


class Notices(list):
    """What an editor could not have understood, each said once."""

    def note(self, condition, text):
        if not condition and text not in self:
            self.append(text)


def given(capabilities, path, default=False):
    """What an editor announced at a dotted path."""
    for name in path.split("."):
        capabilities = getattr(capabilities, name, None)
        if capabilities is None:
            return default
    return capabilities


def check_edit(edit, announced, notices):
    """A change of files may use only the forms that the editor knows."""
    from lsprotocol import types

    if edit is None:
        return
    know = lambda path, default=False: given(announced, "workspace.workspace_edit." + path, default)
    operations = {getattr(kind, "value", kind) for kind in know("resource_operations", []) or []}
    notices.note(not edit.document_changes or know("document_changes"), "an edit by documents to an editor without them")
    notices.note(
        not edit.change_annotations or know("change_annotation_support", None), "a change annotation that was not announced"
    )
    for change in edit.document_changes or []:
        if isinstance(change, types.TextDocumentEdit):
            marked = [it for it in change.edits if getattr(it, "annotation_id", None)]
            notices.note(not marked or know("change_annotation_support", None), "an annotated edit that was not announced")
        else:
            notices.note(change.kind in operations, f"an edit that does `{change.kind}` to an editor that cannot")


def check_diagnostics(items, announced, notices, area):
    """Diagnostics may have tags, links and related places only where the editor knows them."""
    know = lambda path: given(announced, f"text_document.{area}.{path}")
    for item in items:
        notices.note(not item.tags or know("tag_support"), f"{area}: tags that were not announced")
        notices.note(not item.related_information or know("related_information"), f"{area}: related places not announced")
        notices.note(not item.code_description or know("code_description_support"), f"{area}: a code's link not announced")
        notices.note(item.data is None or know("data_support"), f"{area}: data not announced")


def check_items(items, announced, notices):
    """Rows of a list may have details, tags and two ranges only where the editor knows them."""
    from lsprotocol import types

    know = lambda path, default=False: given(announced, "text_document.completion.completion_item." + path, default)
    for item in items:
        notices.note(not item.label_details or know("label_details_support"), "completion: details of a label not announced")
        notices.note(not item.tags or know("tag_support", None), "completion: tags not announced")
        both = isinstance(item.text_edit, types.InsertReplaceEdit)
        notices.note(not both or know("insert_replace_support"), "completion: two ranges not announced")
        notices.note(item.insert_text_mode is None or know("insert_text_mode_support", None), "completion: an insert mode")


class Editor:
    """One recorded editor with the server beside it."""

    def __init__(self, name, binary, folder):
        self.name, self.binary, self.folder = name, binary, folder
        self.notices, self.asked = Notices(), set()

    async def run(self):
        import pytest_lsp
        from lsprotocol import types

        self.types = types
        self.announced = pytest_lsp.client_capabilities(self.name)
        self.client = client = pytest_lsp.make_test_lsp_client()
        self.watch_what_the_server_asks(client)
        environment = dict(os.environ, IBID_CACHE_DIR=str(self.folder / "cache"), IBID_CONFIG_DIR=str(self.folder / "config"))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            await client.start_io(self.binary, "lsp", env=environment)
            vault = self.folder / "vault"
            answer = await client.initialize_session(
                types.InitializeParams(
                    capabilities=self.announced,
                    root_uri=vault.as_uri(),
                    workspace_folders=[types.WorkspaceFolder(uri=vault.as_uri(), name="vault")],
                )
            )
            self.serves = answer.capabilities
            encodings = given(self.announced, "general.position_encodings", None) or ["utf-16"]
            chosen = answer.capabilities.position_encoding or "utf-16"
            values = [getattr(it, "value", it) for it in [*encodings, chosen]]
            self.notices.note(values[-1] in values[:-1], f"positions in {values[-1]}, which was not announced")
            try:
                await self.work(vault)
            except (RuntimeError, TimeoutError, asyncio.CancelledError) as error:
                self.notices.append(f"the session broke off: {str(error) or type(error).__name__}")
            await client.shutdown_session()
            if client.error:
                self.notices.append(f"a message that does not fit the protocol's types: {client.error}")
        for warning in caught:
            if "LspSpecification" in warning.category.__name__:
                self.notices.note(False, str(warning.message))
        return self.notices

    def watch_what_the_server_asks(self, client):
        """Requests of the server have to be announced, whatever they are answered with."""
        types = self.types
        know = lambda path: given(self.announced, path)
        allowed = {
            types.WORKSPACE_CODE_LENS_REFRESH: "workspace.code_lens.refresh_support",
            types.WORKSPACE_INLAY_HINT_REFRESH: "workspace.inlay_hint.refresh_support",
            types.WORKSPACE_DIAGNOSTIC_REFRESH: "workspace.diagnostics.refresh_support",
            types.WORKSPACE_SEMANTIC_TOKENS_REFRESH: "workspace.semantic_tokens.refresh_support",
            types.WORKSPACE_APPLY_EDIT: "workspace.apply_edit",
            types.WINDOW_SHOW_DOCUMENT: "window.show_document.support",
            types.CLIENT_REGISTER_CAPABILITY: "workspace.did_change_watched_files.dynamic_registration",
        }
        for refresh in (
            types.WORKSPACE_CODE_LENS_REFRESH,
            types.WORKSPACE_INLAY_HINT_REFRESH,
            types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
        ):
            client.feature(refresh)(lambda *_: None)
        client.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self.applied(params))
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda *_: None)
        protocol, before = client.protocol, client.protocol._handle_request

        def handle(identifier, method, params):
            if method in allowed:
                self.notices.note(know(allowed[method]), f"the server asks for {method}, which was not announced")
            return before(identifier, method, params)

        protocol._handle_request = handle

    def applied(self, params):
        check_edit(params.edit, self.announced, self.notices)
        return self.types.ApplyWorkspaceEditResult(applied=True)

    async def ask(self, method, params):
        self.asked.add(method)
        return await asyncio.wait_for(self.client.protocol.send_request_async(method, params), 30)

    async def settled(self, uri, types):
        """Waits until the papers are there: a card is shown."""
        for _ in range(200):
            hover = await self.ask_at(types.TEXT_DOCUMENT_HOVER, uri, 2, 8)
            if hover:
                return hover
            await asyncio.sleep(0.05)
        self.notices.append("no card of [[Orca]] within ten seconds")
        return None

    async def ask_at(self, method, uri, line, character):
        """Asks something about a place of a document."""
        types = self.types
        params = types.METHOD_TO_TYPES[method][2]
        return await self.ask(method, params(text_document=types.TextDocumentIdentifier(uri), position=types.Position(line, character)))

    async def work(self, vault):
        types, notices, client = self.types, self.notices, self.client
        path = vault / "note.md"
        uri, bib = path.as_uri(), (vault / "library.bib").as_uri()
        for file, language in ((path, "markdown"), (vault / "library.bib", "bibtex")):
            item = types.TextDocumentItem(file.as_uri(), language, 1, file.read_text(encoding="utf-8"))
            client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        document, bib_document = types.TextDocumentIdentifier(uri), types.TextDocumentIdentifier(bib)

        hover = await self.settled(uri, types)
        formats = [getattr(it, "value", it) for it in given(self.announced, "text_document.hover.content_format", []) or []]
        if hover and hasattr(hover.contents, "kind"):
            notices.note(hover.contents.kind.value in (formats or ["plaintext"]), "hover: a format that was not announced")

        for line, character in ((9, 3), (10, 3), (7, 67), (2, 40)):
            listed = await self.ask(types.TEXT_DOCUMENT_COMPLETION, types.CompletionParams(text_document=document, position=types.Position(line, character)))
            items = getattr(listed, "items", listed) or []
            check_items(items, self.announced, notices)
            for item in items[:3]:
                check_items([await self.ask(types.COMPLETION_ITEM_RESOLVE, item)], self.announced, notices)

        for method in (types.TEXT_DOCUMENT_DEFINITION, types.TEXT_DOCUMENT_IMPLEMENTATION):
            found = await self.ask_at(method, uri, 2, 8)
            kind = method.split("/")[1]
            links = isinstance(found, list) and found and isinstance(found[0], types.LocationLink)
            notices.note(not links or given(self.announced, f"text_document.{kind}.link_support"), f"{kind}: links not announced")
        await self.ask(
            types.TEXT_DOCUMENT_REFERENCES,
            types.ReferenceParams(
                text_document=document, position=types.Position(2, 8), context=types.ReferenceContext(include_declaration=True)
            ),
        )
        await self.ask_at(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, uri, 2, 8)
        await self.ask(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkParams(document))
        await self.ask(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintParams(text_document=document, range=self.whole()))

        symbols = await self.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document))
        nested = symbols and isinstance(symbols[0], types.DocumentSymbol)
        know = given(self.announced, "text_document.document_symbol.hierarchical_document_symbol_support")
        notices.note(not nested or know, "document symbols: nested ones not announced")
        await self.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams("orca"))

        for shown in (document, bib_document):
            for lens in (await self.ask(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensParams(shown)) or [])[:3]:
                await self.ask(types.CODE_LENS_RESOLVE, lens)
            context = types.CodeActionContext(diagnostics=[])
            params = types.CodeActionParams(text_document=shown, range=self.whole(), context=context)
            for action in await self.ask(types.TEXT_DOCUMENT_CODE_ACTION, params) or []:
                literal = isinstance(action, types.CodeAction)
                know = given(self.announced, "text_document.code_action.code_action_literal_support", None)
                notices.note(not literal or know, "code actions: literals not announced")
                if literal:
                    check_edit(action.edit, self.announced, notices)
                    notices.note(
                        action.disabled is None or given(self.announced, "text_document.code_action.disabled_support"),
                        "code actions: disabled ones not announced",
                    )
        if getattr(self.serves.rename_provider, "prepare_provider", None):
            await self.ask_at(types.TEXT_DOCUMENT_PREPARE_RENAME, uri, 2, 34)
        edit = await self.ask(types.TEXT_DOCUMENT_RENAME, types.RenameParams(text_document=document, position=types.Position(2, 34), new_name="lora2021"))
        check_edit(edit, self.announced, notices)
        if self.serves.diagnostic_provider:
            report = await self.ask(types.TEXT_DOCUMENT_DIAGNOSTIC, types.DocumentDiagnosticParams(document))
            check_diagnostics(report.items, self.announced, notices, "diagnostic")
            notices.note(report.items, "no diagnostics of a note with a missing citation")
            if self.serves.diagnostic_provider.workspace_diagnostics:
                await self.pull_the_workspace(vault)
        else:
            for _ in range(100):
                if client.diagnostics.get(uri):
                    break
                await asyncio.sleep(0.05)
            found = client.diagnostics.get(uri, [])
            check_diagnostics(found, self.announced, notices, "publish_diagnostics")
            notices.note(found, "no diagnostics of a note with a missing citation")
        if self.serves.semantic_tokens_provider:
            await self.colours(document)
        served = given(self.serves, "workspace.text_document_content", None)
        notices.note(not served or given(self.announced, "workspace.text_document_content", None), "contents: not announced")
        for command in self.serves.execute_command_provider.commands:
            arguments = types.ExecuteCommandParams(command=command, arguments=[{"uri": uri, "line": 2, "character": 8}])
            try:
                await self.ask(types.WORKSPACE_EXECUTE_COMMAND, arguments)
            except Exception as error:  # A command may refuse these arguments, but in the protocol's own form.
                notices.note(type(error).__name__ not in ("TimeoutError", "RuntimeError"), f"{command}: {error!r}")
        self.check_that_all_was_asked()

    async def pull_the_workspace(self, vault):
        """The diagnostics of notes that are not open."""
        types = self.types
        know = given(self.announced, "workspace.diagnostics", None)
        self.notices.note(know is not None, "diagnostics of the workspace: not announced")
        for _ in range(10):
            params = types.WorkspaceDiagnosticParams(previous_result_ids=[])
            report = await self.ask(types.WORKSPACE_DIAGNOSTIC, params)
            found = {item.uri: item for item in report.items}
            if (closed := found.get((vault / "closed.md").as_uri())) is not None:
                check_diagnostics(closed.items, self.announced, self.notices, "diagnostic")
                break
        else:
            self.notices.append("no diagnostics of a note that is not open")
        self.notices.note((vault / "note.md").as_uri() not in found, "the workspace reports an open note as well")

    async def colours(self, document):
        """Tokens have only types and modifiers that the editor knows."""
        types = self.types
        legend = self.serves.semantic_tokens_provider.legend
        for names in ("token_types", "token_modifiers"):
            known = given(self.announced, f"text_document.semantic_tokens.{names}", []) or []
            self.notices.note(set(getattr(legend, names)) <= set(known), f"semantic tokens: {names} that were not announced")
        tokens = await self.ask(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, types.SemanticTokensParams(document))
        self.notices.note(tokens and len(tokens.data) >= 10, "semantic tokens: two citations are not coloured")

    def whole(self):
        return self.types.Range(self.types.Position(0, 0), self.types.Position(30, 0))

    def check_that_all_was_asked(self):
        served = {
            field.name.removesuffix("_provider")
            for field in self.serves.__attrs_attrs__
            if field.name.endswith("_provider") and getattr(self.serves, field.name) not in (None, False)
        }
        sent = {method.split("/")[-1] for method in self.asked}
        spelled = {"workspace_symbol": "symbol", "execute_command": "executeCommand", "semantic_tokens": "full"}
        for name in sorted(served):
            head, *tail = name.split("_")
            method = spelled.get(name, head + "".join(word.title() for word in tail))
            self.notices.note(method in sent, f"{name} is served and was not tried")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ibid", nargs="?", default=str(ROOT / "target/debug/ibid"))
    parser.add_argument("--require", action="store_true", help="fail where pytest-lsp is not installed")
    options = parser.parse_args()
    try:
        import pytest_lsp  # noqa: F401
    except ImportError:
        print("pytest-lsp is not installed: nothing was checked")
        return 1 if options.require else 0
    from lsprotocol import types

    Editor.types = types
    failed = 0
    for name in CLIENTS:
        with tempfile.TemporaryDirectory() as folder:
            vault = Path(folder) / "vault"
            vault.mkdir()
            (vault / "library.bib").write_text(BIB, encoding="utf-8")
            (vault / "note.md").write_text(NOTE, encoding="utf-8")
            (vault / "closed.md").write_text("Says [@nobody2020].\n", encoding="utf-8")
            editor = Editor(name, os.path.abspath(options.ibid), Path(folder))
            notices = asyncio.run(editor.run())
        failed += bool(notices)
        print(f"{'FAILED' if notices else 'ok':7} {name} ({len(editor.asked)} kinds of requests)")
        for notice in notices:
            print(f"        {notice}")
    print(f"{len(CLIENTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
