from gauzy_mcp.commands import main

main()
