//! The program as a server, and browsers that talk to it. Nothing here sleeps: what is waited for is
//! said by the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A server that runs until it is told to stop, or dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    /// What comes after `token=` in the link that the terminal shows, where there is no owner yet.
    pub(crate) token: Option<String>,
}

impl Server {
    /// Starts `tieline serve` or its like; `has_link`: nobody owns the workspace yet.
    pub(crate) fn start(mut command: Command, has_link: bool) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = |what: &str| {
            let found = lines.by_ref().map(Result::unwrap).find(|line| line.contains(what));
            found.unwrap_or_else(|| panic!("the server never said '{what}'"))
        };
        let serving = next("serving on http://");
        let address = serving.split("http://").nth(1).unwrap().split(' ').next().unwrap();
        let address = address.to_owned();
        let link = has_link.then(|| next("token="));
        let token = link.map(|link| link.rsplit("token=").next().unwrap().trim().to_owned());
        Self { child, address, token }
    }

    /// A browser with the secret of a session; empty: nobody's.
    pub(crate) fn browser(&self, session: &str) -> Browser {
        Browser { address: self.address.clone(), session: session.to_owned() }
    }

    /// Tells it to stop as the system does, and waits; whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        });
        line.unwrap_or_default()
    }

    /// The secret of the session that was opened.
    pub(crate) fn session(&self) -> String {
        let set = self.header("set-cookie").strip_prefix("tieline_session=").unwrap_or_default();
        set.split(';').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }
}

/// Sends requests with the cookie of a session.
pub(crate) struct Browser {
    address: String,
    session: String,
}

impl Browser {
    /// HTTP 1.0: an answer ends where the line does.
    fn ask(&self, method: &str, path: &str, body: &str) -> BufReader<TcpStream> {
        let mut line = TcpStream::connect(&self.address).unwrap();
        write!(
            line,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nCookie: tieline_session={}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.session,
            body.len()
        )
        .unwrap();
        BufReader::new(line)
    }

    fn answer(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut whole = String::new();
        self.ask(method, path, body).read_to_string(&mut whole).unwrap();
        let (head, text) = whole.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.answer("GET", path, "")
    }

    pub(crate) fn post(&self, path: &str, form: &str) -> Answer {
        self.answer("POST", path, form)
    }

    /// Listens to what changes from here on.
    pub(crate) fn listen(&self) -> Stream {
        let mut stream = Stream(self.ask("GET", "/live", "").lines());
        assert_eq!(stream.next().as_deref(), Some("open"));
        stream
    }
}

/// Topics of what changes, as the server says them; ends with the stream.
pub(crate) struct Stream(std::io::Lines<BufReader<TcpStream>>);

impl Iterator for Stream {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let lines = self.0.by_ref().map_while(Result::ok);
        lines.filter_map(|line| line.strip_prefix("event:").map(|one| one.trim().to_owned())).next()
    }
}

impl Stream {
    /// Reads on until it is so, looking after each word.
    pub(crate) fn until(&mut self, mut is_so: impl FnMut() -> bool) {
        while !is_so() {
            assert!(self.next().is_some(), "the stream ended before it was so");
        }
    }
}
