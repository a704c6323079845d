# For kakoune-lsp: put it into your kakrc, after kakoune-lsp is loaded.
hook -group lsp-filetype-ibid global BufSetOption filetype=(?:markdown|bibtex) %{
    set-option -add buffer lsp_servers %{
        [ibid]
        root_globs = ["ibid.toml", ".obsidian", ".git"]
        command = "ibid"
        args = ["lsp"]
    }
}
