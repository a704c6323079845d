//! The `ibid` program: arguments in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ibid::allocator::keep_no_large_buffers();
    ibid::signals::survive_full_files();
    ibid::signals::end_in_words_without_memory();
    ibid::cli::run(std::env::args_os())
}
