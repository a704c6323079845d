//! The built program: killed at any moment, and several of them on one index.

use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::frame;
use crate::fixture::{page, uri, write};

#[path = "../support/framing.rs"]
mod framing;

fn ibid(root: &Path, cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
    command
        .current_dir(root)
        .env("IBID_CACHE_DIR", cache)
        .env("IBID_CONFIG_DIR", cache)
        .env("IBID_ZOTERO_PROFILES", "")
        .env_remove("IBID_LOG");
    command
}

/// A vault with so many papers, and where the cache is; both are gone with the folder.
fn vault_of(papers: usize) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (root, cache) = (folder.path().join("vault"), folder.path().join("cache"));
    write_corpus(&root, papers);
    (folder, root, cache)
}

/// A corpus of some files with so many papers in all.
fn write_corpus(root: &Path, papers: usize) {
    const FILES: usize = 8;
    for file in 0..FILES {
        let titles: Vec<String> =
            (file..papers).step_by(FILES).map(|i| format!("Whale{i}: Sighting Number {i}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        write(&root.join(format!("papers{file}.txt")), page(&titles));
    }
}

fn json_of(mut command: Command) -> Value {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", output.status);
    serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{problem}: {text} {error}"))
}

fn index(root: &Path, cache: &Path) -> Value {
    let mut command = ibid(root, cache);
    command.args(["index", "--json"]);
    json_of(command)
}

#[test]
fn an_index_killed_at_any_moment_is_usable_and_right_afterwards() {
    const PAPERS: usize = 20_000;
    let (_folder, root, cache) = vault_of(PAPERS);
    let mut killed = 0;
    // The pauses cover the time that an undisturbed run takes, however quick the machine is.
    for pause in [5, 20, 50, 90, 150, 250, 400, 650, 1000, 1500] {
        let mut child = ibid(&root, &cache).args(["index", "--json"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(killed > 0, "every run was done before it could be killed");
    let report = index(&root, &cache);
    assert_eq!(report["records"], PAPERS, "{report}");
    assert_eq!(report["papers"], PAPERS);
    assert_eq!(report["problems"], json!([]));
    for number in [0, 777, PAPERS - 1] {
        let mut show = ibid(&root, &cache);
        show.args(["show", &format!("Whale{number}"), "--json"]);
        assert_eq!(json_of(show)["title"], format!("Whale{number}: Sighting Number {number}"));
    }
}

/// A server process and the two ends of its pipe.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next_id: u64,
}

impl Process {
    fn start(root: &Path, cache: &Path) -> Process {
        Process::start_for(std::process::id(), root, cache)
    }

    /// A server for the editor that is this process.
    fn start_for(editor: u32, root: &Path, cache: &Path) -> Process {
        Process::start_by(ibid(root, cache), editor, root)
    }

    fn start_by(mut command: Command, editor: u32, root: &Path) -> Process {
        let mut child = command.args(["lsp", "--stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut process = Process { child, input, output, next_id: 1 };
        let folders = json!([{"uri": uri(root), "name": "vault"}]);
        let params = json!({"processId": editor, "rootUri": null, "capabilities": {}, "workspaceFolders": folders});
        process.request("initialize", params);
        process.notify("initialized", json!({}));
        process
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.input.write_all(&frame(&json!({"jsonrpc": "2.0", "method": method, "params": params}))).unwrap();
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.input.write_all(&frame(&message)).unwrap();
        loop {
            let mut message = self.read();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].take();
            }
        }
    }

    fn read(&mut self) -> Value {
        framing::read_message(&mut self.output)
    }

    fn card_of(&mut self, name: &str) -> String {
        let document =
            json!({"uri": "untitled:x", "languageId": "markdown", "version": 1, "text": format!("[[{name}]]")});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
        let position = json!({"line": 0, "character": 3});
        let hover =
            self.request("textDocument/hover", json!({"textDocument": {"uri": "untitled:x"}, "position": position}));
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    fn wait_for_card(&mut self, name: &str) {
        for _ in 0..6000 {
            if self.card_of(name).contains("2 authors") {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{name} was never found");
    }

    /// Shuts down as the protocol asks; gives the exit status.
    fn end(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn two_servers_share_one_index() {
    let (_folder, root, cache) = vault_of(4_000);
    let mut first = Process::start(&root, &cache);
    let mut second = Process::start(&root, &cache);
    for server in [&mut first, &mut second] {
        server.wait_for_card("Whale0");
        server.wait_for_card("Whale3999");
    }
    write(&root.join("more.txt"), page(&["Beluga: A White Whale"]));
    first.wait_for_card("Beluga");
    second.wait_for_card("Beluga");
    let indexes = std::fs::read_dir(&cache).unwrap().count();
    assert_eq!(indexes, 1, "one folder for one set of roots");
    assert_eq!(first.end(), Some(0));
    write(&root.join("yet more.txt"), page(&["Narwhal: A Whale With A Tusk"]));
    second.wait_for_card("Narwhal");
    assert_eq!(index(&root, &cache)["records"], 4_002);
    assert_eq!(second.end(), Some(0));
}

#[test]
#[cfg(any(windows, target_os = "macos"))]
fn every_spelling_of_a_folder_has_one_index_and_one_cache_of_notes() {
    let (_folder, root, cache) = vault_of(10);
    write(&root.join("Notes/a.md"), "[[Whale1]]\n");
    let other = PathBuf::from(root.to_str().unwrap().replace("vault", "VAULT").replace("C:", "c:"));
    for root in [&root, &other] {
        let mut server = Process::start(root, &cache);
        server.wait_for_card("Whale1");
        while !cache.join("notes").exists() {
            server.wait_for_card("Whale1");
        }
        assert_eq!(server.end(), Some(0));
        let mut check = ibid(root, &cache);
        check.args(["check", "--json"]);
        assert_eq!(json_of(check), json!([]));
    }
    let indexes = std::fs::read_dir(&cache)
        .unwrap()
        .filter(|it| it.as_ref().unwrap().file_name().to_str().unwrap().starts_with('v'));
    assert_eq!((indexes.count(), std::fs::read_dir(cache.join("notes")).unwrap().count()), (1, 1));
}

/// Puts a file in the place of another. While that is read, Windows says no; nobody holds it for longer.
fn replace(mut export: tempfile::NamedTempFile, target: &Path) {
    for _ in 0..100 {
        match export.persist(target) {
            Err(refused) if cfg!(windows) => export = refused.file,
            outcome => return drop(outcome.unwrap()),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("a file is held for two seconds");
}

#[test]
fn other_programs_replace_what_servers_have_read_and_read_what_they_keep() {
    let (_folder, root, cache) = vault_of(400);
    let mut servers = [Process::start(&root, &cache), Process::start(&root, &cache)];
    for round in 0..8 {
        for server in &mut servers {
            server.wait_for_card("Whale0");
        }
        // As programs do that export: beside it, and then in its place.
        let title = format!("Narwhal{round}: A Whale With A Tusk");
        let mut export = tempfile::NamedTempFile::new_in(root.parent().unwrap()).unwrap();
        export.write_all(page(&["Whale0: Sighting Number 0", &title]).as_bytes()).unwrap();
        replace(export, &root.join("papers0.txt"));
        for server in &mut servers {
            server.wait_for_card(&format!("Narwhal{round}"));
        }
    }
    let [first, second] = servers;
    assert_eq!((first.end(), second.end()), (Some(0), Some(0)));
    // Nothing of former states is left behind.
    let index = std::fs::read_dir(&cache).unwrap().map(|it| it.unwrap().path());
    let index = index.into_iter().find(|it| it.file_name().unwrap().to_str().unwrap().starts_with('v')).unwrap();
    let generations = std::fs::read_dir(index).unwrap().map(|it| it.unwrap().file_name());
    let generations: Vec<_> = generations.filter(|it| it.to_str().unwrap().starts_with("index-")).collect();
    assert_eq!(generations.len(), 1, "{generations:?}");
}

/// The names of a process's threads, each with its niceness.
#[cfg(target_os = "linux")]
fn threads_of(process: u32) -> Vec<(String, i64)> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let thread = |task: PathBuf| {
        let stat = std::fs::read_to_string(task.join("stat")).ok()?;
        let (name, fields) = stat.split_once('(')?.1.rsplit_once(") ")?;
        // The state is the third field, the niceness the nineteenth.
        Some((name.to_owned(), fields.split(' ').nth(16)?.parse().ok()?))
    };
    tasks.filter_map(|task| thread(task.ok()?.path())).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn threads_of_the_background_let_answers_go_first_however_nice_the_server_is() {
    let (_folder, root, cache) = vault_of(100);
    for start in ["0", "15"] {
        let server = ibid(&root, &cache);
        let mut command = Command::new("nice");
        command.args(["-n", start]).arg(server.get_program()).current_dir(&root);
        command.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut process = Process::start_by(command, std::process::id(), &root);
        process.wait_for_card("Whale1");
        let threads = threads_of(process.child.id());
        let niceness = |wanted: &[&str]| -> Vec<i64> {
            threads.iter().filter(|(name, _)| wanted.contains(&name.as_str())).map(|(_, niceness)| *niceness).collect()
        };
        let (answering, background) = (niceness(&["ibid", "tokio-rt-worker"]), niceness(&["background", "library"]));
        assert!(answering.len() > 1 && background.len() > 2, "{threads:?}");
        let (answering, background) = (answering.iter().max().unwrap(), background.iter().min().unwrap());
        assert!(background > answering || *answering == 19, "nice -n {start}: {threads:?}");
        assert_eq!(process.end(), Some(0));
    }
}

#[test]
fn a_server_whose_client_hangs_up_ends() {
    let (_folder, root, cache) = vault_of(10);
    let mut process = Process::start(&root, &cache);
    process.wait_for_card("Whale1");
    let (input, mut output) = (std::mem::replace(&mut process.input, spare_input()), Vec::new());
    drop(input);
    process.output.read_to_end(&mut output).unwrap();
    assert_eq!(process.child.wait().unwrap().code(), Some(1), "it was not told to shut down");
}

#[test]
fn a_server_ends_with_its_editor_even_where_its_pipes_stay_open() {
    let (_folder, root, cache) = vault_of(10);
    // Any process that waits will do for an editor.
    let mut editor = ibid(&root, &cache).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut process = Process::start_for(editor.id(), &root, &cache);
    process.wait_for_card("Whale1");
    editor.kill().unwrap();
    editor.wait().unwrap();
    let mut output = Vec::new();
    process.output.read_to_end(&mut output).unwrap();
    assert_eq!(process.child.wait().unwrap().code(), Some(1));
}

#[test]
fn answers_wait_for_a_client_that_does_not_read_and_stay_whole() {
    const REQUESTS: u64 = 2_000;
    let (_folder, root, cache) = vault_of(10);
    let mut process = Process::start(&root, &cache);
    process.wait_for_card("Whale1");
    let position = json!({"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 3}});
    let asked = process.next_id..process.next_id + REQUESTS;
    let request = |id: u64| json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": position});
    let requests: Vec<u8> = asked.clone().flat_map(|id| frame(&request(id))).collect();
    // More than a pipe holds, in both directions.
    process.input.write_all(&requests).unwrap();
    process.next_id = asked.end;
    let mut answered = Vec::new();
    while answered.len() < asked.clone().count() {
        let message = process.read();
        if let Some(id) = message["id"].as_u64() {
            assert!(
                message["result"]["contents"]["value"].as_str().unwrap().contains("Sighting Number 1"),
                "{message}"
            );
            answered.push(id);
        }
    }
    answered.sort_unstable();
    assert_eq!(answered, asked.collect::<Vec<_>>());
    assert_eq!(process.end(), Some(0));
}

#[test]
fn a_session_may_come_from_a_file_and_go_into_one() {
    let (folder, root, cache) = vault_of(10);
    let (input, output) = (folder.path().join("input"), folder.path().join("output"));
    let request = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}});
    std::fs::write(&input, frame(&request)).unwrap();
    let mut command = ibid(&root, &cache);
    command.arg("lsp").stdin(std::fs::File::open(&input).unwrap()).stdout(std::fs::File::create(&output).unwrap());
    assert_eq!(command.status().unwrap().code(), Some(1), "it was not told to shut down");
    let answer = std::fs::read_to_string(&output).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&body["id"], &body["result"]["serverInfo"]["name"]), (&json!(1), &json!("ibid")));
}

/// Closes the input of a server and waits for its end, whether or not anybody reads what it says.
fn hang_up(mut process: Process, reads_rest: bool) -> Option<i32> {
    drop(std::mem::replace(&mut process.input, spare_input()));
    if reads_rest {
        process.output.read_to_end(&mut Vec::new()).unwrap();
    }
    process.child.wait().unwrap().code()
}

#[test]
fn a_server_whose_client_hangs_up_ends_in_every_state() {
    let (_folder, root, cache) = vault_of(30_000);
    // Before anything was said.
    let mut child = ibid(&root, &cache).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    // While it indexes.
    assert_eq!(hang_up(Process::start(&root, &cache), true), Some(1));
    // While requests run, whether or not anybody reads the answers.
    for reads_rest in [true, false] {
        let mut process = Process::start(&root, &cache);
        let text = "See [[Whale1]] and [[Wale2]].\n\n".repeat(20_000);
        let document = json!({"uri": "untitled:x", "languageId": "markdown", "version": 1, "text": text});
        process.notify("textDocument/didOpen", json!({"textDocument": document}));
        for id in 100..110 {
            let params = json!({"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 6}});
            let method = "textDocument/documentHighlight";
            let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
            process.input.write_all(&frame(&request)).unwrap();
        }
        assert_eq!(hang_up(process, reads_rest), Some(1));
    }
    // After it was told to shut down.
    let mut process = Process::start(&root, &cache);
    process.request("shutdown", Value::Null);
    assert_eq!(hang_up(process, true), Some(0));
}

/// An input of a process that has ended already.
fn spare_input() -> ChildStdin {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .arg("--version")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let input = child.stdin.take().unwrap();
    child.wait().unwrap();
    input
}
